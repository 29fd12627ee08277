package report

import (
	"time"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

func at(s string) signin.Time {
	t, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		panic(err)
	}
	return signin.FromTime(t)
}

// setFigures is a compact way to write what a set does in a cell.
func setFigures(people int, promptsLow, promptsHigh, blocks, risk, resLow, resHigh, open float64) ReplayedFigures {
	return ReplayedFigures{
		Prompts: Between(promptsLow, promptsHigh), Interval: Between(promptsLow*0.9, promptsHigh*1.1), Blocks: Exact(blocks),
		Broken:  Between(promptsLow*float64(people)*0.3, promptsHigh*float64(people)*0.35),
		Seconds: Between(promptsLow*6, promptsHigh*25), SecondsMid: (promptsLow + promptsHigh) * 6,
		Risk: risk, Residual: Between(resLow, resHigh), Attacks: 12, AttacksThrough: Between(2, 3),
		Unknown: Exact(open), Uncovered: Exact(0.11),
	}
}

func recordedFigures(people int, prompts, never, worst, blocks float64, blocked int) RecordedFigures {
	p := float64(people)
	return RecordedFigures{
		SignIns: p * 310, Prompts: Exact(prompts), Asked: Exact(prompts * 0.94), Interval: Between(prompts*0.9, prompts*1.12), Blocks: Exact(blocks),
		FactorEntries: p * prompts * 13 * 1.1, FailedFactors: p * prompts * 0.6, Broken: p * prompts * 4, Frequency: p * prompts * 6,
		NeverPrompted: Exact(never), WorstDecile: Exact(worst), Blocked: blocked,
		Seconds: Between(prompts*7, prompts*28), SecondsMid: prompts * 12, Attack: 40, Legacy: 3, NoRecord: 9,
	}
}

// sampleInput is an invented tenant with a bit of everything.
func sampleInput() *Input {
	in := &Input{
		Tenant: "Contoso Research (example.com)", From: at("2026-07-01 00:03:12"), Until: at("2026-09-29 23:58:40"), People: 312, SignIns: 1204331, Days: 91,
		Directory: true, Workspaces: true, Joined: 41,
		Providers: []ProviderFigures{
			{Provider: "entra", Tenant: "example.com", Rows: 1194201, Accounts: 312, SignIns: 1190040, Replayed: 1190040, Attempts: 402113, Succeeded: 399981, Prompts: 9120, Asked: 8044, Refused: 3120, Blocks: 211, Attack: 911},
			{Provider: "entra", Tenant: "other tenants", Rows: 130, Accounts: 12, SignIns: 128, Attempts: 60, Succeeded: 60, Outbound: true},
			{Provider: "linux", Tenant: "", Rows: 6000, Accounts: 40, SignIns: 2000, Attempts: 2000, Succeeded: 2000, Refused: 3900, Attack: 3800},
			{Provider: "okta", Tenant: "example.okta.com", Rows: 4000, Accounts: 44, SignIns: 3900, Attempts: 1000, Succeeded: 990, Prompts: 800, Asked: 700, Refused: 40, Blocks: 3},
		},
		Sets: []Set{
			{Name: "current", Policies: 7, Enforced: 6},
			{
				Name: "longer-prod-session", Doc: "Twelve hours instead of four for production on compliant devices.", Policies: 7,
				Diff: []string{"CA006: sign-in frequency 4 h becomes 12 h for compliant devices"},
			},
			{Name: "trusted-office", Doc: "No second factor from the office network.", Policies: 7, Diff: []string{
				"CA001: excludes the named location Headquarters", "CA006: excludes the named location Headquarters",
			}},
			{Name: "phishing-resistant", Doc: "Authentication strength for production.", Policies: 8, Enforced: 7, Incomplete: 1, MissingMethod: 23, Diff: []string{"CA008: new, requires phishing-resistant strength for mlw-fraud-prod"}},
		},
	}
	in.Total = Cell{People: 312, Recorded: recordedFigures(312, 2.4, 0.08, 11.2, 0.05, 14), Sets: []ReplayedFigures{
		setFigures(312, 2.3, 2.6, 0.05, 9.1, 3.4, 3.9, 0.042), setFigures(312, 1.1, 1.4, 0.05, 9.1, 3.5, 4.0, 0.042),
		setFigures(312, 1.6, 1.9, 0.05, 9.1, 4.9, 5.6, 0.042), setFigures(312, 2.3, 2.6, 0.4, 9.1, 2.0, 2.4, 0.051),
	}}
	in.Elsewhere, in.Prompted = 120, PromptFidelity{Recorded: 3772, Matched: 3020, Open: 726, Missed: 26}
	in.Cells = []Cell{
		{
			Group: "Data Scientists", People: 50, Recorded: recordedFigures(50, 11.4, 0, 18, 0.02, 2),
			Sets: []ReplayedFigures{
				setFigures(50, 10.8, 11.6, 0.02, 2.6, 1.6, 1.6, 0.03), setFigures(50, 4.1, 5.0, 0.02, 2.6, 1.6, 1.7, 0.03),
				setFigures(50, 7.0, 7.6, 0.02, 2.6, 2.4, 2.8, 0.03), setFigures(50, 10.8, 11.6, 1.3, 2.6, 0.9, 1.0, 0.05),
			},
		},
		{
			Group: "Data Scientists", Workspace: "mlw-fraud-prod", Environment: "prod", People: 41, Recorded: recordedFigures(41, 9.1, 0, 16.4, 0.02, 2),
			Sets: []ReplayedFigures{
				setFigures(41, 8.8, 9.4, 0.02, 2.2, 1.4, 1.4, 0.03), setFigures(41, 2.1, 3.0, 0.02, 2.2, 1.4, 1.5, 0.03),
				setFigures(41, 6.0, 6.6, 0.02, 2.2, 2.2, 2.6, 0.03), setFigures(41, 8.8, 9.4, 1.3, 2.2, 0.7, 0.8, 0.05),
			},
			Causes: []Cause{
				{Policy: "CA006", Clause: "4-hour sign-in frequency", Share: Exact(0.83)},
				{Policy: "CA001", Clause: "mfa", Share: Between(0.15, 0.2), Attacks: 4},
			},
		},
		{
			Group: "ML Engineers", Workspace: "mlw-fraud-prod", Environment: "prod", People: 63, Recorded: recordedFigures(63, 4.6, 0.02, 10.1, 0.01, 3),
			Sets: []ReplayedFigures{
				setFigures(63, 4.4, 4.9, 0.01, 2.9, 0.9, 1.1, 0.04), setFigures(63, 2.0, 2.6, 0.01, 2.9, 0.9, 1.2, 0.04),
				setFigures(63, 3.0, 3.4, 0.01, 2.9, 1.5, 1.8, 0.04), setFigures(63, 4.4, 4.9, 0.6, 2.9, 0.4, 0.5, 0.06),
			},
		},
		{
			Group: "ML Engineers", Workspace: "mlw-vision-dev", Environment: "dev", People: 58, Recorded: recordedFigures(58, 1.2, 0.1, 3.0, 0, 0),
			Sets: []ReplayedFigures{
				setFigures(58, 1.1, 1.3, 0, 1.1, 0.5, 0.6, 0.05), setFigures(58, 1.1, 1.3, 0, 1.1, 0.5, 0.6, 0.05),
				setFigures(58, 0.5, 0.7, 0, 1.1, 0.7, 0.9, 0.05), setFigures(58, 1.1, 1.3, 0, 1.1, 0.5, 0.6, 0.05),
			},
		},
		{
			Group: "Analysts (read only)", Workspace: "mlw-fraud-prod", Environment: "prod", People: 96, Recorded: recordedFigures(96, 1.9, 0.12, 5.5, 0.08, 6),
			Sets: []ReplayedFigures{
				setFigures(96, 1.8, 2.1, 0.08, 1.4, 0.4, 0.5, 0.04), setFigures(96, 1.5, 1.9, 0.08, 1.4, 0.4, 0.5, 0.04),
				setFigures(96, 1.0, 1.3, 0.08, 1.4, 0.6, 0.8, 0.04), setFigures(96, 1.8, 2.1, 0.3, 1.4, 0.2, 0.3, 0.04),
			},
		},
		{
			Group: "Contractors", Workspace: "mlw-vision-dev", Environment: "dev", People: 27, Recorded: recordedFigures(27, 3.3, 0, 7.2, 0.4, 8),
			Sets: []ReplayedFigures{
				setFigures(27, 3.0, 3.8, 0.4, 1.9, 0.8, 1.2, 0.14), setFigures(27, 3.0, 3.8, 0.4, 1.9, 0.8, 1.2, 0.14),
				setFigures(27, 2.8, 3.7, 0.4, 1.9, 0.8, 1.3, 0.14), setFigures(27, 3.0, 3.8, 0.4, 1.9, 0.8, 1.2, 0.14),
			},
		},
		{
			Group: "Admins", Workspace: "mlw-fraud-prod", Environment: "prod", People: 4, Recorded: recordedFigures(4, 14, 0, 20, 0, 0),
			Sets: []ReplayedFigures{
				setFigures(4, 13, 15, 0, 0.4, 0.1, 0.1, 0.01), setFigures(4, 9, 11, 0, 0.4, 0.1, 0.1, 0.01),
				setFigures(4, 12, 14, 0, 0.4, 0.1, 0.2, 0.01), setFigures(4, 13, 15, 0, 0.4, 0.1, 0.1, 0.01),
			},
		},
		{
			Group: "Data Scientists", Workspace: "unknown workspace", Pseudo: true, People: 12, Recorded: recordedFigures(12, 0.6, 0.4, 2, 0, 0),
			Sets: []ReplayedFigures{
				setFigures(12, 0.4, 0.8, 0, 0.2, 0.1, 0.1, 0.2), setFigures(12, 0.4, 0.8, 0, 0.2, 0.1, 0.1, 0.2),
				setFigures(12, 0.4, 0.8, 0, 0.2, 0.1, 0.1, 0.2), setFigures(12, 0.4, 0.8, 0, 0.2, 0.1, 0.1, 0.2),
			},
		},
	}
	samplePolicies(in)
	sampleFindings(in)
	sampleIncidents(in)
	in.Workarounds = workaroundsSample()
	sampleQuality(in)
	sampleFriction(in)
	return in
}

func samplePolicies(in *Input) {
	in.Policies = []Policy{
		{Name: "CA006", ID: "p6", State: stateEnabled, Controls: "mfa; sign-in frequency 4 h; no persistent browser", Applied: 88000, Unknown: 900, Prompts: Between(6100, 6500), Blocks: Exact(0), People: 176, Only: 5200, RiskMet: 0.9, Requests: 31, Recorded: []Count{{"success", 81200}, {"failure", 640}}},
		{Name: "CA001", ID: "p1", State: stateEnabled, Controls: "mfa", Applied: 402000, Unknown: 12000, Prompts: Between(2900, 3600), Blocks: Exact(0), People: 290, Only: 2100, RiskMet: 4.6, Attacks: 11, Recorded: []Count{{"success", 398000}, {"failure", 210}, {"notApplied", 801000}}},
		{Name: "CA003", ID: "p3", State: stateEnabled, Controls: "compliantDevice", Applied: 64000, Unknown: 3000, Prompts: Exact(0), Blocks: Between(180, 230), People: 14, Only: 180, RiskMet: 1.2, Attacks: 1, Requests: 6},
		{Name: "CA005", ID: "p5", State: stateEnabled, Controls: "block", Applied: 0, Prompts: Exact(0), Blocks: Exact(0)},
		{Name: "CA007", ID: "p7", State: "reportOnly", Controls: "terms of use", Applied: 1200, Prompts: Exact(300), Blocks: Exact(0), People: 90, Only: 300, RiskMet: 0.01},
		{Set: 1, Name: "CA006", ID: "p6", State: stateEnabled, Controls: "mfa; sign-in frequency 12 h", Applied: 88000, Unknown: 900, Prompts: Between(1700, 2200), Blocks: Exact(0), People: 170, Only: 1100, RiskMet: 0.8},
	}
	in.Changes = []Change{
		{Set: 1, Person: "ada@example.com", Groups: "Data Scientists", Kind: Relieved, Delta: Between(66, 71), Policy: "CA006", Control: "signInFrequency", Example: "6f7f0d9a-0000-4000-8000-0000000000a1", At: at("2026-07-03 08:15:00")},
		{Set: 1, Person: "bob@example.com", Groups: "ML Engineers", Kind: Relieved, Delta: Between(0, 40), Policy: "CA006", Control: "signInFrequency", Example: "6f7f0d9a-0000-4000-8000-0000000000a2", At: at("2026-07-03 09:15:00")},
		{Set: 3, Person: "cyd@example.com", Groups: "Contractors", Kind: NewlyBlocked, Delta: Exact(12), Certain: true, Policy: "CA008", Control: "authenticationStrength", Example: "6f7f0d9a-0000-4000-8000-0000000000a3", At: at("2026-08-03 09:15:00")},
	}
	in.Fidelity = []Fidelity{
		{Policy: "CA001", Compared: 402000, Agree: 399100, Unknown: 9000, Worst: "log: success, replay: notApplied", Example: "6f7f0d9a-0000-4000-8000-0000000000b1"},
		{Policy: "CA006", Compared: 81840, Agree: 78000, Unknown: 900, Worst: "log: success, replay: prompt", Example: "6f7f0d9a-0000-4000-8000-0000000000b2"},
		{Policy: "CA006", Condition: "locations", Compared: 81840, Agree: 81800, Unknown: 40},
	}
	in.Constants = []Constant{
		{Name: "seconds.push", Doc: "approving a push", Unit: "s", Low: 6, Mid: 8, High: 12, Source: "DuoLungo, NDSS 2026", Cited: true},
		{Name: "seconds.block", Doc: "a blocked sign-in", Unit: "s", Low: 30, Mid: 120, High: 600},
	}
}

func sampleFindings(in *Input) {
	in.Findings = []Finding{
		{
			Detector: "impossible-travel", Severity: risk.High, Score: 0.97, Person: "ada@example.com", Time: at("2026-08-11 10:22:31"), Subject: "6f7f0d9a-0000-4000-8000-0000000000c2",
			Evidence: []risk.Fact{{Name: "lower_bound_km", Num: 5510, IsNum: true}, {Name: "available_min", Num: 41, IsNum: true}, {Name: "needed_min", Num: 352, IsNum: true}, {Name: "network_class", Text: "hosting"}, {Name: "from_place", Text: "Oslo, NO"}, {Name: "to_place", Text: "Boston, US"}, {Name: "from_radius_km", Num: 20, IsNum: true}, {Name: "to_radius_km", Num: 50, IsNum: true}},
			Attack:   true,
			Rows: []FindingRow{
				{ID: "6f7f0d9a-0000-4000-8000-0000000000c1", Time: at("2026-08-11 09:41:02"), IP: "192.0.2.10", Place: "Oslo, NO (±20 km)", Network: "AS64500 Example Fibre", App: "Azure Machine Learning", Device: "LAPTOP-17, compliant", Outcome: "success"},
				{ID: "6f7f0d9a-0000-4000-8000-0000000000c2", Time: at("2026-08-11 10:22:31"), IP: "203.0.113.77", Place: "Boston, US (±50 km)", Network: "AS64511 Example Hosting", App: "Azure Machine Learning", Device: "unregistered", Outcome: "success"},
			},
		},
		{Detector: "impossible-travel", Severity: risk.Low, Score: 0.2, Person: "bob@example.com", Time: at("2026-08-12 10:22:31"), Subject: "6f7f0d9a-0000-4000-8000-0000000000c3", Suppressed: "both networks are egresses of the office"},
		{Detector: "password-spray", Severity: risk.High, Score: 0.99, Rows: make([]FindingRow, 7), Time: at("2026-07-20 03:00:00"), Evidence: []risk.Fact{{Name: "people", Num: 140, IsNum: true}, {Name: "network", Text: "203.0.113.0/24"}}, Attack: true},
		{Detector: "repeated-request", Severity: risk.Medium, Score: 0.9, Person: "cyd@example.com", Time: at("2026-09-02 08:00:00"), Evidence: []risk.Fact{{Name: "policy", Text: "CA003"}, {Name: "requests", Num: 4, IsNum: true}, {Name: "span_days", Num: 61, IsNum: true}, {Name: "previous_end", Text: "2026-08-18T05:41:24Z"}}},
		{Detector: "group-request", Severity: risk.Medium, Score: 1, Time: at("2026-09-05 11:54:56"), Subject: "REQ10003", Evidence: []risk.Fact{{Name: "group", Text: "Data Scientists"}, {Name: "members", Num: 24, IsNum: true}}},
	}
}

func sampleQuality(in *Input) {
	in.Quality = Quality{
		Sources: []SourceFile{
			{Name: "signins-2026-07.jsonl.gz", Format: "entra-graph", Read: 410022, Kept: 409871, Duplicate: 140, Quarantined: 11},
			{Name: "signins-2026-08.csv", Format: "entra-log-analytics-csv", Read: 420000, Kept: 419000, Superseded: 1000},
			{Name: "broken.json.gz", Format: "", Problem: "unexpected end of gzip stream"},
		},
		Streams: []Stream{
			{Name: "interactive", Rows: 210331, People: 312, From: in.From, Until: in.Until},
			{Name: "non-interactive", Rows: 994000, People: 310, From: in.From, Until: in.Until},
			{Name: "service-principal"},
		},
		Missing: []MissingFact{
			{Fact: "device compliance", Share: Exact(0.021), Matters: "compliant-device conditions and controls", Verdicts: 9120},
			{Fact: "group membership", Share: Exact(0.004), Matters: "policies that include or exclude groups", Verdicts: 3300},
		},
		Tiers:    []Share{{"exact", 0.31}, {"strong", 0.22}, {"weak", 0.36}, {"candidate", 0.07}, {"none", 0.04}},
		Context:  []Count{{"users", 340}, {"groups", 22}, {"devices", 401}, {"exception requests", 61}},
		Rejected: []Count{{"coordinates 0,0", 17}},
		NoRecord: Exact(0.03),
	}
}
