package risk

// Credential stuffing tries name and password pairs leaked elsewhere, one or two
// per account, on everybody in the list. No log holds the passwords, so it cannot
// be seen that they differ; what shows is the list: many people, hardly a second
// try, and accounts that left or never were. A spray of the organisation's own
// directory knows its targets. The windows are those of password-spray; what
// tells the two apart is breadthKind.
var _ = register(Detector{
	Name: "credential-stuffing",
	Doc: "one source tries one or two passwords each on many accounts, a fair share of which do not exist, as a leaked list would; " +
		"and a sign-in accepted from it on a device and network strange to the person",
	Needs: "what password-spray needs, and results that tell an account that does not exist from a wrong password",
	Quiet: "where the log gives one result for both, or hides the names of unknown accounts, the attack is reported as password-spray; " +
		"that passwords differ is never in a log",
	Techniques: []string{"T1110.004"},
	Origin:     "OWASP, credential stuffing (one leaked pair per account); thresholds as password-spray",
	Scope:      ScopeNetwork,
	Need:       NetworksNeed().Or(usualNeed()),
	New:        func(e *Env) Watcher { return newSourceWatcher(e, Stuffing) },
})
