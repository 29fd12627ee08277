package rba

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func made(t testing.TB, seed uint64, users int) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	if err := Synthesise(&b, seed, users); err != nil {
		t.Fatal(err)
	}
	return &b
}

// TestRun: every cell is measured, counts lie between nothing and everything and
// fall as fewer attacks are stopped, and frisk tells attackers from users.
func TestRun(t *testing.T) {
	data := made(t, 1, 400).Bytes()
	r, err := Run(bytes.NewReader(data), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Counts.NoUser == 0 || r.Counts.Incomplete == 0 || r.Attacks[VeryTargeted] == 0 {
		t.Errorf("counts %+v, attacks %v", r.Counts, r.Attacks)
	}
	for i, c := range r.Cells {
		for _, v := range []float64{c.DAS, c.Own} {
			if !(v >= 0 && v <= float64(c.N)) {
				t.Errorf("%s %v at %d: %v", c.Attacker, c.TPR, c.N, v)
			}
		}
		if i >= 2 && r.Cells[i-2].Attacker == c.Attacker && (c.DAS > r.Cells[i-2].DAS || c.Own > r.Cells[i-2].Own) {
			t.Errorf("%s %v at %d asks more than where more is stopped", c.Attacker, c.TPR, c.N)
		}
	}
	for k := range numAttackers {
		if r.AUC[k][1] < 0.85 || r.AUC[k][0] < 0.6 {
			t.Errorf("%s: AUC %v", k, r.AUC[k])
		}
	}
	again, err := Run(bytes.NewReader(data), Options{})
	if err != nil || again.Text() != r.Text() {
		t.Errorf("a second run differs: %v", err)
	}
}

// TestWithin: one count off is within, two are not, and a hidden mark never is.
func TestWithin(t *testing.T) {
	p := Published{Low: 7, High: 8}
	for v, want := range map[float64]bool{5.5: false, 6: true, 7.5: true, 9: true, 9.5: false, math.NaN(): false} {
		if p.Within(v) != want {
			t.Errorf("%v within 7 to 8: %t", v, !want)
		}
	}
	hidden := Published{Low: 0, High: -1}
	if hidden.Within(0) {
		t.Error("a hidden mark was met")
	}
}

// TestMedian: the threshold stops at least the share asked for.
func TestMedian(t *testing.T) {
	m := &measured{honest: [][]float32{{1, 5, 9}, {1, 1, 1}, {9, 9, 9}, {9}}, total: []int{3, 3, 5, 1}}
	m.attack[Naive] = []float64{2, 4, 6, 8}
	for _, c := range []struct {
		tpr, want float64
		exactly   bool
		users     int
	}{{1, 2, false, 3}, {0.5, 1, false, 3}, {0.51, 2, false, 3}, {0.5, 0.5, true, 2}} {
		p := Published{TPR: c.tpr, N: 3}
		if got, users := m.median(p, c.exactly); got != c.want || users != c.users {
			t.Errorf("share %v, exactly %t: %v of %d users, want %v of %d", c.tpr, c.exactly, got, users, c.want, c.users)
		}
	}
}

func TestReadErrors(t *testing.T) {
	header := "index," + strings.Join(columns, ",") + "\n"
	for name, c := range map[string]struct{ text, want string }{
		"empty":      {"", "read header: EOF"},
		"other file": {"a,b\n", `column "Login Timestamp" is missing`},
		"no date":    {header + "0,today,1,,,,,,,,,,,,\n", `line 2: time "today"`},
		"bad date":   {header + "0,2020-13-03 01:00,1,,,,,,,,,,,,\n", "line 2: time"},
		"short":      {header + "0,2020-02-03\n", "wrong number of fields"},
	} {
		_, err := Run(strings.NewReader(c.text), Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := Run(strings.NewReader("a,b\n"), Options{}); !errors.Is(err, ErrColumns) {
		t.Errorf("%v is not ErrColumns", err)
	}
}

// TestPublishedRows: the first rows of the published file can be read.
func TestPublishedRows(t *testing.T) {
	corpus := os.Getenv("FRISK_CORPUS")
	if corpus == "" {
		t.Skip("FRISK_CORPUS is not set")
	}
	data, err := os.ReadFile(filepath.Join(corpus, "logs", "rba", "rba-dataset-first-rows.csv"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(bytes.NewReader(data), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Counts.Rows != 19 || r.Counts.NoUser == 0 || r.Counts.Logins == 0 {
		t.Errorf("%+v", r.Counts)
	}
	if got, _, err := Notebook(bytes.NewReader(data)); err != nil || len(got) != 0 {
		t.Errorf("the notebook's scores of 19 rows: %v, %v", got, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("index," + strings.Join(columns, ",") + "\n0,2020-02-03 12:43:30.772,1,192.0.2.1,NO,-,-,64496,a,b,c,mobile,True,False,False\n")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := Run(strings.NewReader(text), Options{}); err != nil && err.Error() == "" {
			t.Error("an error without words")
		}
	})
}

func BenchmarkRun(b *testing.B) {
	data := made(b, 1, 2000).Bytes()
	rows := int64(bytes.Count(data, []byte("\n")) - 1)
	for b.Loop() {
		if _, err := Run(io.MultiReader(bytes.NewReader(data)), Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// TestUnmeasured: a published count with nothing measured beside it is neither
// within nor off.
func TestUnmeasured(t *testing.T) {
	r := &Result{Cells: []Cell{
		{Published: Published{Naive, 0.999, 12, 7, 7}, DAS: 7},
		{Published: Published{VeryTargeted, 0.9425, 12, 12, 12}, DAS: math.NaN(), Own: math.NaN()},
	}}
	text := r.Text()
	for _, want := range []string{"1 of 1 published counts are met", "1 more could not be compared"} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "- off") {
		t.Errorf("what was not measured is held against the published:\n%s", text)
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(data), `"within"`); got != 1 {
		t.Errorf("%d cells compared in %s", got, data)
	}
}
