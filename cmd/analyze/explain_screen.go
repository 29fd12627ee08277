package main

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strings"

	"frisk/internal/policytext"

	"github.com/rivo/uniseg"
)

// screen writes lines no wider than a terminal. What is too long goes on below,
// indented. Ids are written as the names given for them.
type screen struct {
	to    io.Writer
	width int // columns
	names map[string]string
	known *policytext.Names // of apps that are the same everywhere; nil = none
	err   error             // the first
}

// defaultColumns is how wide text is where no terminal says.
const defaultColumns = 100

func (a *app) screen(names map[string]string) *screen {
	return &screen{to: a.stdout, width: max(defaultColumns, a.textOptions().Width), names: names, known: policytext.NewNames(nil)}
}

var anyGUID = regexp.MustCompile(`[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`)

// named puts names in the place of ids.
func (s *screen) named(text string) string {
	return anyGUID.ReplaceAllStringFunc(text, func(id string) string {
		return cmp.Or(s.names[id], s.known.App(strings.ToLower(id)))
	})
}

// line writes lead and then text, whose continuation starts below its beginning.
func (s *screen) line(lead, text string) { s.lineAt(lead, uniseg.StringWidth(lead), text) }

// lineAt does so with the continuation indented by n columns.
func (s *screen) lineAt(lead string, n int, text string) {
	at := lead
	used, fresh := uniseg.StringWidth(lead), true
	for word := range strings.FieldsSeq(clean(text)) {
		w := uniseg.StringWidth(word)
		if !fresh && used+1+w > s.width {
			s.print(at)
			at, used, fresh = strings.Repeat(" ", n), n, true
		}
		if !fresh {
			at += " "
			used++
		}
		at += word
		used += w
		fresh = false
	}
	s.print(at)
}

func (s *screen) print(line string) {
	if s.err == nil {
		_, s.err = fmt.Fprintln(s.to, strings.TrimRight(line, " "))
	}
}

// cutMark ends a text that was cut.
const cutMark = "..."

// short cuts a text to n columns.
func short(text string, n int) string {
	if uniseg.StringWidth(text) <= n {
		return text
	}
	out, used := "", 0
	for g := uniseg.NewGraphemes(text); g.Next(); used += g.Width() {
		if used+g.Width() > n-len(cutMark) {
			break
		}
		out += g.Str()
	}
	return strings.TrimRight(out, " -") + cutMark
}
