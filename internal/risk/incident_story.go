package risk

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// storyClauses is how many clauses a story has at most, storyNames how many
// people a clause names.
const (
	storyClauses = 5
	storyNames   = 3
)

// clause is what the findings of one detector say: of sources, or of people.
type clause struct {
	detector string
	windows  []*AttackWindow
	attack   bool     // about the source itself
	people   []string // by first finding
	stopped  []string // those of them whose sign-in something stopped
}

// Story tells the incident in one sentence: "Password spray from 192.0.2.0/24
// against 41 people, the right password for ada@example.com, then device code
// sign-in from a new network (ada@example.com)". name names a person by key.
func (in *Incident) Story(fs []Finding, name func(person string) string) (story string) {
	var b strings.Builder
	cs, also := in.clauses(fs)
	if len(also) > 0 {
		defer func() { story += " (also " + strings.Join(also, ", ") + ")" }()
	}
	last := "" // whom the story spoke of last
	for k, c := range cs {
		who := c.who(name)
		text := c.words(who, k > 0 && who == last)
		if who != "" {
			last = who
		}
		switch {
		case k == 0:
			b.WriteString(strings.ToUpper(text[:1]) + text[1:])
			continue
		case k == storyClauses && len(cs) > storyClauses+1:
			fmt.Fprintf(&b, ", and %d more steps", len(cs)-k)
			return b.String()
		case len(c.windows) > 0 && !c.attack && cs[k-1].attack && c.detector == cs[k-1].detector:
			b.WriteString(", ")
		default:
			b.WriteString(", then ")
		}
		b.WriteString(text)
	}
	return b.String()
}

// clauses joins the findings of each detector, by the first of them; sources and
// people apart. What only the lesser findings say is named after the story.
func (in *Incident) clauses(fs []Finding) (out []clause, also []string) {
	for _, i := range in.Findings {
		f := &fs[i]
		if !weighty(f) {
			also = addWord(also, lesserWords(f.Detector))
			continue
		}
		c := clause{detector: f.Detector, attack: f.Person == ""}
		at := slices.IndexFunc(out, func(o clause) bool { return o.detector == c.detector && o.attack == c.attack })
		if at < 0 {
			at = len(out)
			if !c.attack { // what an attack won stands next to it
				if a := slices.IndexFunc(out, func(o clause) bool { return o.detector == c.detector }); a >= 0 {
					at = a + 1
				}
			}
			out = slices.Insert(out, at, c)
		}
		o := &out[at]
		if f.Window != nil && !slices.Contains(o.windows, f.Window) {
			o.windows = append(o.windows, f.Window)
		}
		if f.Person == "" {
			continue
		}
		o.people = addWord(o.people, f.Person)
		if slices.Contains(in.Stopped, f.Person) {
			o.stopped = addWord(o.stopped, f.Person)
		}
	}
	also = slices.DeleteFunc(also, func(w string) bool {
		return slices.ContainsFunc(out, func(c clause) bool { return lesserWords(c.detector) == w })
	})
	return out, also
}

// who names the people of a clause, "" for one about a source.
func (c *clause) who(name func(string) string) string {
	if c.attack {
		return ""
	}
	return names(c.people, name)
}

// words says what happened; known leaves out whom to, who was named just before.
func (c *clause) words(who string, known bool) string {
	switch {
	case c.attack && len(c.windows) > 0:
		return c.sourceWords()
	case c.attack:
		return detectorWords(c.detector)
	case len(c.windows) > 0 && c.detector == c.windows[0].Kind.String():
		won := "one success for "
		if n := len(c.people); n > 1 {
			won = fmt.Sprintf("%d successes, for ", n)
		}
		if len(c.stopped) == len(c.people) {
			won = "the right password, but nothing more, for "
		}
		return won + who
	case known:
		return detectorWords(c.detector)
	}
	return detectorWords(c.detector) + " (" + who + ")"
}

// sourceWords is "password spray from 192.0.2.0/24 (7 addresses) against 41 people".
func (c *clause) sourceWords() string {
	w := c.windows[0]
	tried := w.Users
	from := w.SourceText()
	for _, o := range c.windows[1:] {
		tried = max(tried, o.Users)
	}
	switch n := len(c.windows); {
	case n > 1:
		return fmt.Sprintf("%s from %s and %d more against up to %s each", attackKindWords(w.Kind), from, n-1, people(tried))
	case w.Addresses > 1:
		from += fmt.Sprintf(" (%d addresses)", w.Addresses)
	}
	return fmt.Sprintf("%s from %s against %s", attackKindWords(w.Kind), from, people(tried))
}

func attackKindWords(k AttackKind) string { return strings.ReplaceAll(k.String(), "-", " ") }

func people(n int) string {
	if n == 1 {
		return "one person"
	}
	return fmt.Sprintf("%d people", n)
}

// names lists some people, and how many more there are.
func names(keys []string, name func(string) string) string {
	var out []string
	for _, k := range keys[:min(len(keys), storyNames)] {
		out = append(out, name(k))
	}
	text := strings.Join(out, ", ")
	if more := len(keys) - storyNames; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// detectorStory says what a detector found where its name does not.
var detectorStory = map[string]string{
	"adversary-in-the-middle": "a sign-in relayed by somebody in the middle",
	"anonymiser":              "a sign-in from a rented or anonymous address",
	"brute-force":             "a series of wrong passwords",
	"consent-phishing":        "a sign-in to a new app that had asked for access",
	"device-code":             "a device code sign-in from a new network",
	"dormant-account":         "a sign-in of a long unused account",
	"hostile-source":          "a sign-in from a source that attacked before",
	"legacy-client":           "a first sign-in with a legacy client",
	"mfa-fatigue":             "a series of refused prompts",
	"new-country":             "a first sign-in from a country",
	"new-device":              "a sign-in from a new device",
	"provider-risk":           "a sign-in the provider rated risky",
	"shared-device":           "a sign-in from a device of several accounts",
	"token-replay":            "a session continued elsewhere by another client",
	"user-reported":           "a report that it was not them",
}

// lesserStory says what a lesser finding found where it is another thing: that an
// app was let in is at least medium, or low; that it asked only is low or info.
var lesserStory = map[string]string{
	"consent-phishing": "a new app asking for access",
}

func lesserWords(d string) string {
	if w, ok := lesserStory[d]; ok {
		return w
	}
	return detectorWords(d)
}

func detectorWords(d string) string {
	if w, ok := detectorStory[d]; ok {
		return w
	}
	return strings.ReplaceAll(d, "-", " ")
}

// NextStep says what to do first about the incident.
func (in *Incident) NextStep(name func(person string) string) string {
	from := strings.Join(in.Sources[:min(len(in.Sources), storyNames)], ", ")
	if more := len(in.Sources) + in.MoreSources - storyNames; more > 0 {
		from += fmt.Sprintf(" and %d more", more)
	}
	switch {
	case len(in.GotIn) > 0:
		return "Ask " + names(in.GotIn, name) + "; unless it was them, reset the password, revoke their sessions and read what was done since " +
			in.From.Time().Format("2006-01-02 15:04") + " UTC."
	case len(in.Stopped) > 0:
		return "Reset the password of " + names(in.Stopped, name) + ": it was right; what stopped the sign-in held."
	case from != "":
		return "Nobody got in by what the log shows. Block " + from + " unless your people work from there."
	}
	return "Ask " + names(in.People, name) + " whether it was them."
}

// EncodedIncident is an incident as every output shows it; key order is field order.
type EncodedIncident struct {
	ID          string   `json:"id"`
	Severity    string   `json:"severity"`
	Score       float64  `json:"score"` // 0 to 1, to a thousandth
	Story       string   `json:"story"`
	NextStep    string   `json:"next_step"`
	From        string   `json:"from"`
	Until       string   `json:"until"`
	Users       []string `json:"users"`  // with a finding of their own
	GotIn       []string `json:"got_in"` // whom a hostile sign-in let in
	Stopped     []string `json:"stopped"`
	PeopleTried int      `json:"people_tried"`
	Sources     []string `json:"sources"`
	MoreSources int      `json:"more_sources,omitempty"`
	Detectors   []string `json:"detectors"`
	Techniques  []string `json:"techniques"`
	Findings    []string `json:"findings"`   // ids
	Suppressed  int      `json:"suppressed"` // findings of its people that were not raised
}

// Encode turns the incident into its output form. id names a finding by index,
// user a person by key, nil for the provider's stable id.
func (in *Incident) Encode(fs []Finding, id func(finding int) string, user func(person string) string) EncodedIncident {
	if user == nil {
		user = PersonID
	}
	all := func(keys []string) []string {
		out := make([]string, len(keys))
		for i, k := range keys {
			out[i] = user(k)
		}
		return out
	}
	out := EncodedIncident{
		ID: in.ID, Severity: in.Severity.String(), Score: math.Round(in.Score*1000) / 1000, Story: in.Story(fs, user), NextStep: in.NextStep(user),
		From: in.From.String(), Until: in.Until.String(), Users: all(in.People), GotIn: all(in.GotIn), Stopped: all(in.Stopped),
		PeopleTried: in.Tried, Sources: append([]string{}, in.Sources...), MoreSources: in.MoreSources,
		Detectors: in.Detectors, Techniques: append([]string{}, in.Techniques...),
		Findings: make([]string, len(in.Findings)), Suppressed: len(in.Suppressed),
	}
	for k, i := range in.Findings {
		out.Findings[k] = id(i)
	}
	return out
}
