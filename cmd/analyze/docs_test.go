package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	docLink = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	docFile = regexp.MustCompile("`((?:internal|cmd|queries|docs|sample-logs)/[A-Za-z0-9_./-]+\\.[a-z]+)`")
)

// Every link between documents leads somewhere, and every file they name exists.
func TestDocumentsNameWhatExists(t *testing.T) {
	root := filepath.Join("..", "..")
	links := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || (strings.HasPrefix(d.Name(), ".") && path != root)) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range docLink.FindAllSubmatch(text, -1) {
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), string(m[1]))); err != nil {
				t.Errorf("%s links to %s, which does not exist", path, m[1])
			}
		}
		for _, m := range docFile.FindAllSubmatch(text, -1) {
			if strings.Contains(string(m[1]), "NAME") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, string(m[1]))); err != nil {
				t.Errorf("%s names %s, which does not exist", path, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if links < 10 {
		t.Fatalf("found %d links: the test looks in the wrong place", links)
	}
}

// Every command is in the command line reference.
func TestCommandsAreDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "cli.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commands(&app{}) {
		names := []string{c.Name()}
		if c.Name() == "policy" {
			names = []string{"policy check", "policy diff", "policy test"}
		}
		for _, n := range names {
			if !strings.Contains(string(text), "`"+n) {
				t.Errorf("docs/cli.md lacks %s", n)
			}
		}
		if c.Short == "" || (c.RunE == nil && !c.HasSubCommands()) {
			t.Errorf("%s has no short help or does nothing", c.Name())
		}
	}
}
