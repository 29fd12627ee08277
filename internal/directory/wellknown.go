package directory

// WellKnownApp is an application or resource id that is the same in every tenant.
type WellKnownApp struct {
	ID   string // lower case
	Name string
	// ML means that a hit is a sign-in to Azure Machine Learning or to the AI
	// Foundry portal, which share one resource: not proof of either.
	ML     bool
	Source string
}

// WellKnown lists the ids that workspaces are used through, by id (reference
// 4.1). Callers must not modify it. Azure Resource Manager and the clients that
// reach Azure ML through it serve all other Azure work too, hence ML false.
var WellKnown = []WellKnownApp{
	{"04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Microsoft Azure CLI", false, "dirkjanm/ROADtools firstpartyscopes.json"},
	{"0736f41a-0425-4b46-bdb5-1563eff02385", "Azure Machine Learning", true, "dirkjanm/ROADtools firstpartyscopes.json; name unverified"},
	{"18a66f5f-dbdf-4c17-9dd7-1634712a9cbe", "Azure Machine Learning Services", true, "dirkjanm/ROADtools firstpartyscopes.json; also the audience https://ai.azure.com"},
	{"1950a258-227b-4e31-a9cf-717495945fc2", "Microsoft Azure PowerShell", false, "dirkjanm/ROADtools firstpartyscopes.json"},
	{"797f4846-ba00-4fd7-ba43-dac1f8f63013", "Windows Azure Service Management API", false, "learn.microsoft.com azure/machine-learning/how-to-setup-authentication"},
	{"aebc6443-996d-45c2-90f0-388ff96faa56", "Visual Studio Code", false, "dirkjanm/ROADtools firstpartyscopes.json"},
	{"cb2ff863-7f30-4ced-ab89-a00194bcf6d9", "Azure AI Studio App", true, "learn.microsoft.com azure/machine-learning/how-to-setup-authentication"},
	{"d7304df8-741f-47d3-9bc2-df0e24e2071f", "Azure Machine Learning Workbench Web App", true, "learn.microsoft.com azure/machine-learning/how-to-setup-authentication"},
}

// armResource is Azure Resource Manager as a sign-in row names it. CLI v2, SDK
// v2 and the portal reach a workspace through it (reference 4.1).
const armResource = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
