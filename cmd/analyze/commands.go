package main

import "github.com/spf13/cobra"

// commands lists every command, in the order of a first day's work.
func commands(a *app) []*cobra.Command {
	return []*cobra.Command{
		newDemo(a), newInit(a), newFetch(a), newRun(a), newIngest(a), newStatus(a), newExport(a), newRepair(a), newIdentity(a), newRisk(a), newExceptions(a),
		newReplay(a), newExplain(a), newWhatIf(a), newVerify(a), newReport(a), newQuery(a), newPolicy(a), newList(a),
		newSynth(a), newBench(a), newVersion(a),
	}
}
