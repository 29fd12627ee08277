package synth

// bundlesFile is a file of application groups as frisk reads it.
type bundlesFile struct {
	Source  string       `json:"source"`
	Date    string       `json:"date"`
	Bundles []bundleJSON `json:"bundles"`
}

type bundleJSON struct {
	Name       string       `json:"name"`
	Complete   bool         `json:"complete"`
	Members    []bundledApp `json:"members"`
	NotMembers []bundledApp `json:"notMembers"`
}

type bundledApp struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// wrongBundles does not know that Teams is in Office365 and denies that Exchange is.
func wrongBundles() bundlesFile {
	app := func(n int) bundledApp { return bundledApp{targets[n].id, targets[n].name} }
	return bundlesFile{
		Source: "sample tenant: wrong on purpose", Date: "2026-05-01",
		Bundles: []bundleJSON{{
			Name: "Office365", Members: []bundledApp{app(resSharePoint)},
			NotMembers: []bundledApp{app(resExchange), app(resML), app(resARM), app(appStudio), app(appPortal)},
		}, {
			Name: targets[resARM].id, Complete: true, Members: []bundledApp{app(resARM)}, NotMembers: []bundledApp{},
		}},
	}
}
