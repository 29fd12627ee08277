package synth

import (
	"fmt"
	"slices"

	"frisk/internal/signin"
)

// Truth is the ground truth beside a tenant: what was planted.
type Truth struct {
	Seed     uint64         `json:"seed"`
	Tenant   string         `json:"tenant"`
	Headline Headline       `json:"headline"`
	Attacks  []TruthEvents  `json:"attacks"`
	Harmless []TruthEvents  `json:"harmless"`
	Repeats  []TruthRepeat  `json:"repeatedRequests"`
	Prompts  map[string]int `json:"promptsByReason"`
	// Perturbed says how the files differ from what was in force (Config.Perturb).
	Perturbed []Perturbation `json:"perturbed,omitempty"`
	// Workarounds are the planned ways around a policy.
	Workarounds []TruthDetour `json:"workarounds,omitempty"`
}

// Headline is what a reader of the report should find.
type Headline struct {
	Group       string `json:"group"`
	Environment string `json:"environment"`
	Policy      string `json:"policy"`
	PolicyID    string `json:"policyId"`
	Candidate   string `json:"candidate"`
	Why         string `json:"why"`
}

// TruthEvents is an incident with the ids of its rows, in time order.
type TruthEvents struct {
	Incident
	Events []string `json:"events"`
}

// TruthRepeat is a planted repetition: a request of the same person about the
// same policy within thirty days of the previous one's end.
type TruthRepeat struct {
	Request string `json:"request"`
	User    string `json:"user"`
	Policy  string `json:"policy"`
}

// historyWriter sends each record to the file of its stream and keeps the ground truth.
type historyWriter struct {
	t     *Tenant
	dir   string
	sum   *Summary
	graph *encoder
	diag  *encoder
	open  map[string]*output
	page  int
	inPg  int
	items map[string]int64
	buf   []byte
	truth Truth
	ids   [][]string
	last  map[int32]sighting
	seen  map[string]int
	wrong *manifest
}

// sighting is where a person last did something, for the look-alikes.
type sighting struct {
	at  signin.Time
	net int
	id  signin.GUID
}

func (t *Tenant) writeHistory(dir string, sum *Summary) (Truth, error) {
	w := &historyWriter{
		t: t, dir: dir, sum: sum, graph: newEncoder(t, true), diag: newEncoder(t, false),
		last: map[int32]sighting{}, seen: map[string]int{}, open: map[string]*output{}, items: map[string]int64{}, ids: make([][]string, len(t.incidents)),
	}
	w.truth = t.truthHead()
	w.wrong = newManifest(t)
	err := w.run()
	for _, n := range []string{interactiveName, nonInteractiveName, servicePrincipalName, managedIdentityName, activityName} {
		if cerr := w.finish(n); err == nil {
			err = cerr
		}
	}
	for i := range t.incidents {
		inc := &t.incidents[i]
		if len(w.ids[i]) == 0 {
			continue // planned for a day on which the person did nothing that could be used
		}
		if inc.Kind == kindTokenTheft && slices.Contains(inc.Stopped, stoppedByFrequency) {
			inc.Note += "; a sign-in frequency refuses the copy once it is too old"
		}
		w.truth.Attacks = append(w.truth.Attacks, TruthEvents{*inc, w.ids[i]})
	}
	w.truth.Perturbed = w.wrong.done()
	return w.truth, err
}

const (
	interactiveName      = "interactive"
	nonInteractiveName   = "signins/noninteractive.jsonl.gz"
	servicePrincipalName = "signins/serviceprincipals.json"
	managedIdentityName  = "signins/managedidentities.json"
	activityName         = "activity/activity.json"
	graphHead            = `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#auditLogs/signIns","value":[` + "\n"
)

func (w *historyWriter) run() error {
	for r := range w.t.Records() {
		w.sum.Rows++
		if w.sum.From == 0 {
			w.sum.From = r.Time
		}
		w.sum.To = r.Time
		w.note(r)
		w.wrong.note(r)
		if r.stream == signin.NonInteractive && w.t.cfg.Perturb.has(PerturbInteractive) {
			w.sum.Rows--
			continue
		}
		if err := w.record(r); err != nil {
			return err
		}
		if r.ops > 0 {
			first := w.items[activityName] == 0
			w.items[activityName] += int64(r.ops)
			w.sum.Operations += int64(r.ops)
			w.buf = w.t.activity(w.buf[:0], r, first)
			if err := w.append(activityName, "[\n"); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *historyWriter) record(r *Record) error {
	switch r.stream {
	case signin.Interactive:
		w.sum.Interactive++
		if w.inPg == pageSize {
			if err := w.finish(interactiveName); err != nil {
				return err
			}
			w.page, w.inPg = w.page+1, 0
		}
		w.buf = comma(w.buf[:0], w.inPg)
		w.inPg++
		w.buf = w.graph.signIn(w.buf, r)
		return w.append(interactiveName, graphHead)
	case signin.NonInteractive:
		w.sum.NonInteractive++
		w.buf = w.diag.diagnostic(w.buf[:0], r)
		return w.append(nonInteractiveName, "")
	}
	w.sum.Workload++
	name := servicePrincipalName
	if r.stream == signin.ManagedIdentity {
		name = managedIdentityName
	}
	w.buf = comma(w.buf[:0], int(w.items[name]))
	w.items[name]++
	w.buf = w.diag.analyticsJSON(w.buf, r)
	return w.append(name, "[\n")
}

func comma(b []byte, n int) []byte {
	if n > 0 {
		return append(b, ",\n"...)
	}
	return b
}

// append writes the buffer to the named output, opening it with head first.
func (w *historyWriter) append(name, head string) error {
	o := w.open[name]
	if o == nil {
		file := name
		if name == interactiveName {
			file = fmt.Sprintf("signins/interactive-%04d.json", w.page+1)
		}
		var err error
		if o, err = create(w.dir, file); err != nil {
			return err
		}
		w.open[name] = o
		if _, err := o.Write([]byte(head)); err != nil {
			return fmt.Errorf("write %q: %w", file, err)
		}
	}
	if _, err := o.Write(w.buf); err != nil {
		return fmt.Errorf("write %q: %w", name, err)
	}
	return nil
}

// finish ends and closes the named output, if it is open.
func (w *historyWriter) finish(name string) error {
	o := w.open[name]
	if o == nil {
		return nil
	}
	delete(w.open, name)
	tail := "\n]\n"
	switch name {
	case interactiveName:
		tail = "\n]}\n"
	case nonInteractiveName:
		tail = ""
	}
	_, err := o.Write([]byte(tail))
	if cerr := o.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("write %q: %w", name, err)
	}
	return nil
}

// note keeps what the ground truth says about a record.
func (w *historyWriter) note(r *Record) {
	if r.incident != 0 {
		inc := &w.t.incidents[r.incident-1]
		w.ids[r.incident-1] = append(w.ids[r.incident-1], r.ID.String())
		if r.code == 0 {
			inc.Through++
		} else if by := stoppedBy(r); !slices.Contains(inc.Stopped, by) {
			inc.Stopped = append(inc.Stopped, by)
		}
		return
	}
	if r.Entries() > 0 && r.why != whyNothing {
		w.truth.Prompts[whyNames[r.why]]++
	}
	if r.person >= 0 && r.code == 0 {
		w.lookAlike(r)
	}
}

const stoppedByFrequency = "sign-in frequency"

// stoppedBy is what refused a hostile row.
func stoppedBy(r *Record) string {
	switch r.code {
	case 70043:
		return stoppedByFrequency
	case 50072, 50074, 50076, 500121:
		return "mfa"
	case 53000:
		return currentPolicies[polProdDevice].name
	case 53003:
		for _, i := range []int{polLegacy, polProdPlaces} {
			if r.evals[i].result == failure {
				return currentPolicies[i].name
			}
		}
	}
	return "first factor"
}

// maxLookAlikes bounds the list of each kind.
const maxLookAlikes = 100

// lookAlike notes two successive sign-ins of a person that are too far apart
// for the time between them and yet both theirs, and the far end of trips.
func (w *historyWriter) lookAlike(r *Record) {
	prev, ok := w.last[r.person]
	w.last[r.person] = sighting{r.Time, r.where.net, r.ID}
	if !ok || prev.net == r.where.net {
		return
	}
	a, b := &networks[prev.net], &networks[r.where.net]
	far := distance(a.place, b.place)
	if far < 300 {
		return
	}
	p := w.t.people[r.person]
	kind := ""
	switch fast := r.Time-prev.at < flightTime(a.place, b.place); {
	case fast && (a.kind == netVPN || b.kind == netVPN):
		kind = kindVPNSwitch
	case fast && (a.kind == netCommercialVPN || b.kind == netCommercialVPN):
		kind = kindPrivateVPN
	case fast && (a.kind == netMobile || b.kind == netMobile):
		kind = kindCarrierEgress
	case !fast && (a.kind == netHotel || b.kind == netHotel):
		kind = kindTravel
	default:
		return
	}
	w.seen[kind]++
	if w.seen[kind] > maxLookAlikes {
		return
	}
	w.truth.Harmless = append(w.truth.Harmless, TruthEvents{
		Incident{
			Kind: kind, User: p.upn, Day: int((r.Time - w.t.start) / signin.Day), Through: 2,
			Note: places[a.place].city + " (" + a.org + ") to " + places[b.place].city + " (" + b.org + ")",
		},
		[]string{prev.id.String(), r.ID.String()},
	})
}

var whyNames = []string{"", "session", "mfa", "frequency", "attack"}

func (t *Tenant) truthHead() Truth {
	p := &currentPolicies[polProdFrequency]
	tr := Truth{Seed: t.cfg.Seed, Tenant: tenantID, Prompts: map[string]int{}, Headline: Headline{
		Group: roleGroups[dataScientist], Environment: "prod", Policy: p.name, PolicyID: p.ID, Candidate: "longer-session-and-risk",
		Why: "data scientists with access to production pay most of the friction; the four-hour frequency stops next to none of the risk",
	}, Attacks: []TruthEvents{}, Harmless: []TruthEvents{}, Repeats: []TruthRepeat{}}
	tr.Workarounds = t.truthDetours()
	for i := range t.requests {
		if r := &t.requests[i]; r.repeat {
			tr.Repeats = append(tr.Repeats, TruthRepeat{r.id, r.person.upn, currentPolicies[r.policy].ID})
		}
	}
	return tr
}
