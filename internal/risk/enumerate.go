package risk

// Enumeration: most of the names a source tries do not exist, more than any
// leaver share of a leaked list explains. Somebody guesses names, by pattern or
// from a list of people, and the answer tells which accounts are real. It needs
// fewer accounts than a spray (enumeration.accounts), because ten unknown names
// behind one address that lets nobody in are no typos.
var _ = register(Detector{
	Name: "account-enumeration",
	Doc: "one source tries names most of which do not exist, to learn which accounts are real; " +
		"and a sign-in accepted from it on a device and network strange to the person",
	Needs: "source address and results that tell an account that does not exist from a wrong password, with the name tried",
	Quiet: "where the log gives one result for both nothing is said; where it hides the names of unknown accounts they count as one account. " +
		"Names checked without a sign-in (home realm discovery, autodiscover) are in no sign-in log",
	Techniques: []string{"T1589.002", "T1087.004"},
	Origin:     "reference, detection 3 (distinct people and failures per address); thresholds: see knobs enumeration.*",
	Scope:      ScopeNetwork,
	Need:       NetworksNeed().Or(usualNeed()),
	New:        func(e *Env) Watcher { return newSourceWatcher(e, Enumeration) },
})
