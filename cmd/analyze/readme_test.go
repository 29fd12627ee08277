package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```")

// TestReadmeBlocks runs every console block of the README and of docs/ in a
// fresh folder each file, and compares what the commands print. A line that
// starts with "$ " is a command; what follows is its output, where "..." stands for
// any number of lines.
func TestReadmeBlocks(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := 0
	for _, file := range append([]string{filepath.Join(root, "README.md")}, files...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := consoleBlock.FindAllSubmatch(text, -1)
		if len(found) == 0 {
			continue
		}
		blocks += len(found)
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			bin := filepath.Join(t.TempDir(), "bin")
			if err := os.Mkdir(bin, 0o700); err != nil {
				t.Fatal(err)
			}
			// The test binary behaves as the program when called by its name.
			if err := os.Symlink(self, filepath.Join(bin, "analyze")); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Join(root, "sample-logs"), filepath.Join(dir, "sample-logs")); err != nil {
				t.Fatal(err)
			}
			for _, b := range found {
				ran := runBlock(t, dir, bin, string(b[1]))
				text = bytes.Replace(text, b[1], []byte(ran), 1)
			}
			if os.Getenv("FRISK_UPDATE") != "" && !t.Failed() {
				if err := os.WriteFile(file, text, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	if blocks == 0 {
		t.Fatal("found no console block: the test looks in the wrong place")
	}
}

// runBlock runs the commands of one block and gives the block as it should
// read. With FRISK_UPDATE set it takes what was printed for right.
func runBlock(t *testing.T, dir, bin, block string) string {
	t.Helper()
	var ran strings.Builder
	for part := range strings.SplitSeq("\n"+block, "\n$ ") {
		command, want, _ := strings.Cut(part, "\n")
		if strings.TrimSpace(command) == "" {
			continue
		}
		cmd := exec.Command("bash", "-c", command)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "COLUMNS=110")
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("$ %s\n%v", command, err)
		}
		got := trailing.ReplaceAllString(string(out), "\n")
		if ok := matches(got, want); ok {
			got = strings.TrimRight(want, "\n") + "\n"
		} else if os.Getenv("FRISK_UPDATE") == "" {
			t.Errorf("$ %s\ngot:\n%s\nwant:\n%s", command, got, want)
		}
		ran.WriteString("$ " + command + "\n" + got)
	}
	return ran.String()
}

var trailing = regexp.MustCompile(` +\n`)

// matches compares line by line; a line "..." in want matches any run of lines.
func matches(got, want string) bool {
	g, w := strings.Split(strings.TrimRight(got, "\n"), "\n"), strings.Split(strings.TrimRight(want, "\n"), "\n")
	for len(w) > 0 && w[0] != "..." {
		if len(g) == 0 || strings.TrimRight(g[0], " ") != strings.TrimRight(w[0], " ") {
			return false
		}
		g, w = g[1:], w[1:]
	}
	if len(w) == 0 {
		return len(g) == 0
	}
	for i := 0; i <= len(g); i++ {
		if matches(strings.Join(g[i:], "\n"), strings.Join(w[1:], "\n")) || (len(w) == 1) {
			return true
		}
	}
	return false
}
