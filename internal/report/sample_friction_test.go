package report

// sampleFriction adds who is excluded, how sure workspaces are, and the roll-up of policies.
func sampleFriction(in *Input) {
	in.Total.Excluded = ExcludedFigures{People: 9, Partly: 4, SignIns: 2810, Spared: 1904, Prompts: Exact(0.3), Sets: []ExcludedSet{
		{Exact(0.3), Exact(0)}, {Exact(0.3), Exact(0)}, {Exact(0.2), Exact(0)}, {Between(1.8, 2.6), Exact(0.1)},
	}}
	in.People, in.Total.Perhaps = in.Total.People+9, 140
	for i := range in.Cells {
		c := &in.Cells[i]
		if c.Pseudo || c.Workspace == "" {
			continue
		}
		c.Placed = Placed{Tiers: []Share{{"exact", 0.42}, {"strong", 0.25}, {"weak", 0.21}, {"candidate", 0.12}}, Unknown: Exact(0.07)}
		if c.Group == "Contractors" {
			c.Excluded = ExcludedFigures{People: 6, Partly: 2, SignIns: 1100, Spared: 900, Prompts: Exact(0.2), Sets: []ExcludedSet{
				{Exact(0.2), Exact(0)}, {Exact(0.2), Exact(0)}, {Exact(0.1), Exact(0)}, {Between(1.9, 2.8), Exact(0.1)},
			}}
		}
	}
	in.Changes[2].Modelled = true
	in.Rollups = []Rollup{
		{
			ID: "p1", Name: "CA001", State: stateEnabled, Prompts: Between(2900, 3600), Blocks: Exact(0), People: 290, Cost: Levels{15000, 28000, 80000},
			Requests: &RollupRequests{Requests: 3, People: 3}, Workarounds: &RollupWorkarounds{Cases: 4, People: 3, Lift: Exact(1.1), Interval: Between(0.6, 1.9)},
			Net: Exact(1), Growth: Exact(0.3), Orphans: Exact(0), Excluded: 2, Spared: 120, Hostile: 11, Stopped: Levels{4.3, 4.5, 4.6}, Labelled: Exact(2),
		},
		{
			ID: "p6", Name: "CA006", State: stateEnabled, Prompts: Between(6100, 6500), People: 176, Cost: Levels{41000, 76000, 210000},
			Requests:    &RollupRequests{Requests: 31, People: 22, RepeatShare: 0.29},
			Workarounds: &RollupWorkarounds{Cases: 40, People: 12, Lift: Exact(3.1), Interval: Between(1.9, 5), Named: true},
			Net:         Exact(14), Growth: Exact(4.6), Orphans: Exact(6), Excluded: 9, Spared: 1784, Stopped: Levels{0.01, 0.45, 0.88}, Labelled: Exact(0),
		},
		{
			ID: "p3", Name: "CA003", State: stateEnabled, Blocks: Between(180, 230), People: 14, Cost: Levels{12000, 61000, 400000},
			Requests: &RollupRequests{Requests: 6, People: 5, RepeatShare: 0.17}, Workarounds: &RollupWorkarounds{}, Stopped: Levels{1.2, 1.2, 1.2}, Hostile: 1, Labelled: Exact(0),
		},
		{ID: "p5", Name: "CA005", State: stateEnabled},
		{ID: "p7", Name: "CA007", State: "reportOnly", Prompts: Exact(300), People: 90},
	}
}
