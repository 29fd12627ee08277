package synth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"

	"frisk/internal/signin"
)

// HostileFiles says how a world is written.
type HostileFiles struct {
	View HostileView
	// Order selects one of the orders of lines; the dataset made of them is the same.
	Order uint64
	// Files is the number of log files; default 3. Some lines are in two of them.
	Files int
}

// HostileSummary says what WriteHostile wrote.
type HostileSummary struct {
	Dir     string      `json:"dir"`
	Config  string      `json:"config"` // path of frisk.yaml
	Truth   string      `json:"truth"`  // path of truth.json
	Rows    int         `json:"rows"`
	People  int         `json:"people"`
	Attacks int         `json:"attacks"`
	From    signin.Time `json:"-"`
	To      signin.Time `json:"-"`
}

// hostileYAML is the configuration beside the logs; it begins as every file of ours does.
const hostileYAML = yamlHead + "name: Hostile proving ground (made up)\ntenant: %s\ndata: frisk-data\nlogs: [signins/]\n"

// WriteHostile writes a world to dir, which is created when missing: sign-ins in
// the form of "analyze export" (JSON lines, out of order and partly twice),
// frisk.yaml, and truth.json with the attacks and every event that belongs to
// one. A folder with another tenant is left alone (ErrNotSample).
func WriteHostile(dir string, w *HostileWorld, f HostileFiles) (HostileSummary, error) {
	sum := HostileSummary{
		Dir: dir, Config: filepath.Join(dir, "frisk.yaml"), Truth: filepath.Join(dir, truthName),
		Rows: len(w.Events), People: len(w.People), Attacks: len(w.Attacks),
	}
	if len(w.Events) > 0 {
		sum.From, sum.To = w.Events[0].Time, w.Events[len(w.Events)-1].Time
	}
	if err := clearSample(dir); err != nil {
		return sum, err
	}
	if f.Files <= 0 {
		f.Files = 3
	}
	events := w.View(f.View)
	d := newDice(w.Config.Seed^mix(f.Order), "hostile files", 0)
	files := make([]bytes.Buffer, f.Files)
	for _, i := range d.Perm(len(events)) {
		line, err := exportLine(&events[i])
		if err != nil {
			return sum, err
		}
		files[d.IntN(len(files))].Write(line)
		if d.chance(0.01) {
			files[d.IntN(len(files))].Write(line)
		}
	}
	for i := range files {
		if err := writeFile(dir, fmt.Sprintf("signins/part-%d.jsonl", i+1), files[i].Bytes()); err != nil {
			return sum, err
		}
	}
	if err := writeFile(dir, "frisk.yaml", fmt.Appendf(nil, hostileYAML, tenantID)); err != nil {
		return sum, err
	}
	return sum, writeFile(dir, truthName, indented(w.truthFile(f.View)))
}

// hostileTruthFile is truth.json.
type hostileTruthFile struct {
	Schema  string          `json:"schema"`
	Seed    uint64          `json:"seed"`
	Known   string          `json:"knowledge"`
	People  []HostilePerson `json:"people"`
	Attacks []HostileAttack `json:"attacks"`
}

func (w *HostileWorld) truthFile(v HostileView) hostileTruthFile {
	return hostileTruthFile{"frisk.truth.hostile/v1", w.Config.Seed, v.String(), w.People, w.Attacks}
}

// exportLine is an event as JSON with the columns of "analyze export".
func exportLine(e *signin.Event) ([]byte, error) {
	b := []byte(`{"time":"` + e.Time.String() + `"`)
	add := func(name, value string) error {
		if value == "" {
			return nil
		}
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("encode %s: %w", name, err)
		}
		b = append(b, `,"`+name+`":`...)
		b = append(b, text...)
		return nil
	}
	for i := range signin.IDColumns {
		c := &signin.IDColumns[i]
		name := c.Name
		if i == signin.IDEvent {
			name = "event_id"
		}
		if err := add(name, c.Get(e)); err != nil {
			return nil, err
		}
	}
	for i := range signin.DimColumns {
		if c := &signin.DimColumns[i]; c.Dim != signin.DimFile {
			if err := add(c.Name, c.Get(e)); err != nil {
				return nil, err
			}
		}
	}
	for i := range signin.EnumColumns {
		c := &signin.EnumColumns[i]
		s := c.Texts[c.Get(e)]
		if s == "" && c.Enum != signin.EnumStream { // the form is known by its columns
			b = append(b, `,"`+c.Name+`":null`...)
			continue
		}
		if err := add(c.Name, s); err != nil {
			return nil, err
		}
	}
	if e.ASN != 0 {
		b = fmt.Appendf(b, `,"asn":%d`, e.ASN)
	}
	if e.Geo.Located {
		b = fmt.Appendf(b, `,"lat":%v,"lon":%v`, e.Geo.Lat, e.Geo.Lon)
		if e.Geo.Radius != 0 {
			b = fmt.Appendf(b, `,"radius_km":%v`, e.Geo.Radius)
		}
	}
	return append(b, '}', '\n'), nil
}
