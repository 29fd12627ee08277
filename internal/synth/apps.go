package synth

// target is an application or resource of Microsoft's or of the tenant's.
type target struct {
	id, name string
	ml       bool // one of the three targets of the ML policies
}

const (
	appStudio = iota
	appVSCode
	appCLI
	appPortal
	appOffice
	appTeams
	appOutlookWeb
	appSharePoint
	appIMAP
	resML
	resARM
	resExchange
	resSharePoint
	resTeams
	resGraph
	resVault
	resStorage
	numTargets
)

// targets: the ids are Microsoft's public application ids; those of the ML
// paths are in reference 4.1.
var targets = [numTargets]target{
	appStudio:     {"d7304df8-741f-47d3-9bc2-df0e24e2071f", "Azure Machine Learning Workbench Web App", true},
	appVSCode:     {"aebc6443-996d-45c2-90f0-388ff96faa56", "Visual Studio Code", false},
	appCLI:        {"04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Microsoft Azure CLI", false},
	appPortal:     {"c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Azure Portal", false},
	appOffice:     {"d3590ed6-52b3-4102-aeff-aad2292ab01c", "Microsoft Office", false},
	appTeams:      {"1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams", false},
	appOutlookWeb: {"9199bf20-a13f-4107-85dc-02114787ef48", "One Outlook Web", false},
	appSharePoint: {"08e18876-6177-487e-b8b5-cf950c1e598c", "SharePoint Online Web Client Extensibility", false},
	appIMAP:       {"00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online", false},
	resML:         {"18a66f5f-dbdf-4c17-9dd7-1634712a9cbe", "Azure Machine Learning Services", true},
	resARM:        {"797f4846-ba00-4fd7-ba43-dac1f8f63013", "Windows Azure Service Management API", true},
	resExchange:   {"00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online", false},
	resSharePoint: {"00000003-0000-0ff1-ce00-000000000000", "Office 365 SharePoint Online", false},
	resTeams:      {"cc15fd57-2c6c-4117-a88c-83b1d56b4bbe", "Microsoft Teams Services", false},
	resGraph:      {"00000003-0000-0000-c000-000000000000", "Microsoft Graph", false},
	resVault:      {"cfa8b339-82a2-471a-a3c9-0fc0be7a4093", "Azure Key Vault", false},
	resStorage:    {"e406a681-f3d4-42a8-90b6-c2b029497af1", "Azure Storage", false},
}

// Tenant-wide identities, the same for every seed.
var (
	tenantID     = fixedGUID("tenant").String()
	partnerID    = fixedGUID("partner tenant").String()
	microsoftID  = "f8cdef31-a31e-4b4a-93e4-5f571e91255a" // owner tenant of Microsoft's first-party applications
	subscription = fixedGUID("subscription").String()
	logWorkspace = fixedGUID("log analytics workspace").String()
)

const (
	tenantName    = "Northwind ML"
	domain        = "northwind-ml.example.com"
	partnerDomain = "fieldlabs.example.net"
)

// workspace is an Azure Machine Learning workspace and the team that has it.
type workspace struct {
	name, env, resourceGroup, team string
}

const (
	wsFraudProd = iota
	wsForecastProd
	wsFraudDev
	wsForecastDev
	wsResearchDev
)

var workspaces = []workspace{
	{"mlw-fraud-prod", "prod", "rg-fraud-prod", "Team Fraud Production"},
	{"mlw-forecast-prod", "prod", "rg-forecast-prod", "Team Forecast Production"},
	{"mlw-fraud-dev", "dev", "rg-fraud-dev", "Team Fraud Development"},
	{"mlw-forecast-dev", "dev", "rg-forecast-dev", "Team Forecast Development"},
	{"mlw-research-dev", "dev", "rg-research-dev", "Team Research"},
}

func (w *workspace) resourceID() string {
	return "/subscriptions/" + subscription + "/resourceGroups/" + w.resourceGroup +
		"/providers/Microsoft.MachineLearningServices/workspaces/" + w.name
}

// client types, in Graph spelling.
const (
	clientBrowser = iota
	clientNative
	clientIMAP
	clientSMTP
	clientNone // workload identities have none
)

var clientNames = []string{"Browser", "Mobile Apps and Desktop clients", "IMAP4", "Authenticated SMTP", ""}

// slot is which of a device's separate token caches an app uses. On a joined
// device all share the primary refresh token; elsewhere each has its own clock
// (reference 1.10 rule 10).
type slot uint8

const (
	slotBrowser slot = iota
	slotVSCode
	slotCLI
	slotOffice
	numSlots
)
