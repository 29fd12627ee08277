package lint

// What the reader of policy files finds (policy.Load): kept, and said there.
// The rules here give those notices a meaning and a fix.

const schema = "Graph: conditionalAccessPolicy (schema)"

var _ = register(Rule{
	Code: "unknown-key", Level: Warning, Source: schema,
	Doc: "A key frisk does not know, with a value. It is kept and not evaluated; in a condition the answer is unknown wherever the rest matches.",
	Fix: "check the spelling against Graph's documentation; if Graph has the key, the verdicts that hang on it are reported as unknown",
})

var _ = register(Rule{
	Code: "not-evaluated", Level: Warning, Source: schema,
	Doc: "A key of Graph's that frisk knows and no log tells: agent identities, network traffic, the time of day. The answer is unknown wherever the rest matches.",
	Fix: "nothing to fix in the policy: the verdicts that hang on it are reported as unknown",
})

var _ = register(Rule{
	Code: "bad-json", Level: Error, Source: "RFC 8259 (JSON)",
	Doc: "A file is not JSON, or not text in UTF-8 or UTF-16. Nothing of it was read; the other files were. Every other command refuses such a set.",
	Fix: "correct the file at the line and column named, or export it again",
})

var _ = register(Rule{
	Code: "folder-date", Level: Warning, Source: "frisk: policies with dates",
	Doc: "A folder beside the exports by date looks like a date and is none: what it holds counts as the newest export.",
	Fix: "name it like 2026-05-01 or 2026-05-01T1200Z (UTC), or move it elsewhere",
})

var _ = register(Rule{
	Code: "name-table", Level: Info, Source: "frisk",
	Doc: "A table of object names that an export tool wrote beside the policies (MigrationTable.json). It is no policy; its names stand for ids that no directory export names.",
	Fix: "nothing",
})

var _ = register(Rule{
	Code: "unknown-value", Level: Warning, Source: schema,
	Doc: "A value that is none of those Graph documents for this key. The condition is not fully evaluated.",
	Fix: "check the spelling against Graph's documentation",
})

var _ = register(Rule{
	Code: "unknown-control", Level: Warning, Source: "Graph: conditionalAccessGrantControls",
	Doc: "A grant control frisk does not know: whether it is met is unknown.",
	Fix: "check the spelling against Graph's builtInControls",
})

var _ = register(Rule{
	Code: "unknown-state", Level: Warning, Source: schema,
	Doc: "The state is none of enabled, disabled and enabledForReportingButNotEnforced: treated as not enforced.",
	Fix: "use one of the three states",
})

var _ = register(Rule{
	Code: "unknown-location", Level: Warning, Source: "Graph: namedLocation",
	Doc: "A named location of a kind frisk does not know: whether it matches is unknown.",
	Fix: "export it with its @odata.type",
})

var _ = register(Rule{
	Code: "unknown-strength", Level: Warning, Source: "Graph: authenticationStrengthPolicy",
	Doc: "A custom authentication strength is given by id only: which methods satisfy it is unknown.",
	Fix: "export policies with $expand=authenticationStrength, or put allowedCombinations into the policy",
})

var _ = register(Rule{
	Code: "bad-filter", Level: Error, Source: "Conditional Access: filter for devices (concept-condition-filters-for-devices)",
	Doc: "The rule of a device filter does not parse: its answer is unknown.",
	Fix: "correct the rule at the offset named",
})

var _ = register(Rule{
	Code: "bad-range", Level: Warning, Source: "Graph: ipNamedLocation",
	Doc: "An address range of a named location does not parse and is left out.",
	Fix: "write it as CIDR, for example 203.0.113.0/24",
})

var _ = register(Rule{
	Code: "bad-time", Level: Info, Source: schema,
	Doc: "A time that is not RFC 3339; it is ignored.", Fix: "write it as 2026-05-04T08:00:00Z",
})

var _ = register(Rule{
	Code: "no-conditions", Level: Warning, Source: schema,
	Doc: "The policy has no conditions: whom it covers is unknown.", Fix: "export the whole policy",
})

var _ = register(Rule{
	Code: "no-controls", Level: Info, Source: schema,
	Doc: "The policy asks for nothing: no grant and no session control. A warning when it is enabled.",
	Fix: "give it a control, or delete it",
})

var _ = register(Rule{
	Code: "no-state", Level: Warning, Source: schema,
	Doc: "The policy has no state: treated as not enforced.", Fix: "give it a state",
})

var _ = register(Rule{
	Code: "no-id", Level: Warning, Source: "Graph: namedLocation",
	Doc: "A named location without an id: no policy can refer to it.", Fix: "export it with its id",
})

var _ = register(Rule{
	Code: "not-a-policy", Level: Warning, Source: "frisk",
	Doc: "A JSON file or object that is neither a policy nor a named location; it is skipped. Info when there are policies beside it.",
	Fix: "nothing, when the file belongs to something else; else export it again",
})

var _ = register(Rule{
	Code: "more-pages", Level: Warning, Source: "Graph: paging",
	Doc: "The export is one page of several: policies are missing.", Fix: "follow @odata.nextLink when exporting",
})

var _ = register(Rule{
	Code: "duplicate-id", Level: Warning, Source: schema,
	Doc: "Two policies or named locations have the same id.", Fix: "load each export once",
})

var _ = register(Rule{
	Code: "filter-operator", Level: Warning, Source: "Conditional Access: filter for devices (concept-condition-filters-for-devices)",
	Doc: "A device filter uses an operator that Entra does not offer for that property; frisk evaluates it all the same.",
	Fix: "use an operator the documentation lists for the property",
})

var _ = register(Rule{
	Code: "filter-property", Level: Info, Source: "Conditional Access: filter for devices (concept-condition-filters-for-devices)",
	Doc: "A device filter names a property without device. in front; frisk reads it as one.",
	Fix: "write device. in front of the property",
})

var _ = register(Rule{
	Code: "implied-control", Level: Info, Source: "Conditional Access: grant (concept-conditional-access-grant)",
	Doc: "riskRemediation implies an authentication strength and sign-in frequency every time, which the policy does not spell out.",
	Fix: "nothing: Entra adds them",
})

var _ = register(Rule{
	Code: "version-unseen", Level: Warning, Source: "frisk: policies with dates",
	Doc: "The audit log shows that a policy was changed, and nothing holds what it was before: that time is left out.",
	Fix: "export the audit log with the values of the change, or keep exports of the policies by date",
})

var _ = register(Rule{
	Code: "edit-unread", Level: Warning, Source: "frisk: policies with dates",
	Doc: "The audit log's copy of a policy does not parse, so that version is unknown.",
	Fix: "export the audit log again without shortening its values",
})
