package rba

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// Text is the result for a reader. Of made-up data nothing is held against the
// published counts, which are of other data.
func (r *Result) Text() string {
	var b strings.Builder
	c := &r.Counts
	fmt.Fprintf(&b, "%d rows, %d users, %d logins learned from; left out: %d of the unknown user, %d incomplete\n", c.Rows, c.Users, c.Logins, c.NoUser, c.Incomplete)
	if c.Backwards > 0 {
		fmt.Fprintf(&b, "%d rows are earlier than the one before: the file is not in order of time, and its scores look ahead\n", c.Backwards)
	}
	fmt.Fprintf(&b, "attacks tried: %d naive, %d vpn, %d targeted; %d takeovers, %d of them scored\n\n",
		r.Attacks[Naive], r.Attacks[VPN], r.Attacks[Targeted], c.Takeovers, r.Attacks[VeryTargeted])
	b.WriteString("Median re-authentications of a user after n logins, at the threshold that stops the share of attacks:\n\n")
	fmt.Fprintf(&b, "%-14s %7s %4s %10s %8s %-6s %6s %7s\n", "attacker", "stopped", "n", "published", "formula", "", "frisk", "users")
	hits, known := 0, 0
	for i := range r.Cells {
		cell := &r.Cells[i]
		mark := ""
		if !r.MadeUp && cell.compared() {
			known++
			mark = "off"
			if cell.Within(cell.DAS) {
				hits++
				mark = "within"
			}
		}
		fmt.Fprintf(&b, "%-14s %7.4f %4d %10s %8s %-6s %6s %7d\n", cell.Attacker, cell.TPR, cell.N, cell.reading(), number(cell.DAS), mark, number(cell.Own), cell.Users)
	}
	b.WriteByte('\n')
	if r.MadeUp {
		b.WriteString("The data are made up: the published counts stand beside for their form alone.\n")
	} else {
		fmt.Fprintf(&b, "%d of %d published counts are met within one (they were read off a figure, to one count).\n", hits, known)
		if n := r.uncompared(); n > 0 {
			fmt.Fprintf(&b, "%d more could not be compared: the file has no such attacks, or no user with so many logins.\n", n)
		}
	}
	b.WriteString("How the authors drew attackers, and which users stand behind a median, is not published; see docs/detection.md.\n")
	if r.NotebookComputed > 0 {
		fmt.Fprintf(&b, "Of the %d scores that the authors' notebook asserts, %d agree.\n", NotebookScores(), r.NotebookAgree)
	}
	b.WriteString("\nChance that an attack scores above an honest login (AUC):\n\n")
	fmt.Fprintf(&b, "%-14s %8s %8s\n", "attacker", "formula", "frisk")
	for k := range numAttackers {
		fmt.Fprintf(&b, "%-14s %8s %8s\n", k, share(r.AUC[k][0]), share(r.AUC[k][1]))
	}
	fmt.Fprintf(&b, "\nRank correlation of both scores over honest logins: %s\n", share(r.Spearman))
	return b.String()
}

// uncompared is how many published counts have nothing measured beside them.
func (r *Result) uncompared() (n int) {
	for i := range r.Cells {
		n += btoi(r.Cells[i].Known() && !r.Cells[i].compared())
	}
	return n
}

// compared reports that there is a published count and a measured one.
func (c *Cell) compared() bool { return c.Known() && !math.IsNaN(c.DAS) }

// reading is a published count as it was read.
func (p *Published) reading() string {
	switch {
	case !p.Known():
		return "-"
	case p.Low == p.High:
		return fmt.Sprint(p.Low)
	}
	return fmt.Sprintf("%d to %d", p.Low, p.High)
}

func number(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return fmt.Sprintf("%g", v)
}

func share(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return fmt.Sprintf("%.4f", v)
}

// MarshalJSON writes the result; what could not be measured is absent.
func (r *Result) MarshalJSON() ([]byte, error) {
	type cell struct {
		Attacker  string   `json:"attacker"`
		Stopped   float64  `json:"stopped"`
		N         int      `json:"n"`
		Published []int    `json:"published,omitempty"` // lowest and highest reading
		Formula   *float64 `json:"formula,omitempty"`
		Frisk     *float64 `json:"frisk,omitempty"`
		Within    *bool    `json:"within,omitempty"` // absent where there is nothing to compare
		Users     int      `json:"users"`
	}
	type attacker struct {
		Attacker string   `json:"attacker"`
		Attacks  int      `json:"attacks"`
		Formula  *float64 `json:"aucFormula,omitempty"`
		Frisk    *float64 `json:"aucFrisk,omitempty"`
	}
	out := struct {
		Schema    string     `json:"schema"`
		MadeUp    bool       `json:"madeUp"`
		Counts    Counts     `json:"counts"`
		Cells     []cell     `json:"cells"`
		Attackers []attacker `json:"attackers"`
		Spearman  *float64   `json:"spearman,omitempty"`
		Notebook  *int       `json:"notebookAgree,omitempty"`
	}{Schema: "frisk.bench.rba/v1", MadeUp: r.MadeUp, Counts: r.Counts, Spearman: some(r.Spearman)}
	for i := range r.Cells {
		c := &r.Cells[i]
		x := cell{Attacker: c.Attacker.String(), Stopped: c.TPR, N: c.N, Formula: some(c.DAS), Frisk: some(c.Own), Users: c.Users}
		if c.Known() {
			x.Published = []int{c.Low, c.High}
		}
		if within := c.Within(c.DAS); !r.MadeUp && c.compared() {
			x.Within = &within
		}
		out.Cells = append(out.Cells, x)
	}
	for k := range numAttackers {
		out.Attackers = append(out.Attackers, attacker{k.String(), r.Attacks[k], some(r.AUC[k][0]), some(r.AUC[k][1])})
	}
	if r.NotebookComputed > 0 {
		out.Notebook = &r.NotebookAgree
	}
	data, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("encode result: %w", err)
	}
	return data, nil
}

func some(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}
