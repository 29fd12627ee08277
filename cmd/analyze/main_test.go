package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the program a command of the scripts: it runs in a child of
// the test binary, so that exit codes, signals and kills are real.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"analyze": main})
}

// TestScripts runs testdata/script/*.txtar, the specification of the command
// line. FRISK_UPDATE=1 rewrites expected files.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("FRISK_UPDATE") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			root, err := os.Getwd()
			if err != nil {
				return err
			}
			env.Setenv("REPO", root+"/../..")
			env.Setenv("FRISK_CORPUS", os.Getenv("FRISK_CORPUS"))
			return nil
		},
		Condition: func(cond string) (bool, error) {
			return cond == "corpus" && os.Getenv("FRISK_CORPUS") != "", nil
		},
	})
}
