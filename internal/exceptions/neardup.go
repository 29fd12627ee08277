package exceptions

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"frisk/internal/risk"
)

// SameText is the name of the pattern of requests with nearly the same words.
const SameText = "same-text-request"

var _ = register(Pattern{
	Name:   SameText,
	Doc:    "a person, or people of one group, give nearly the same reason in several requests, more than a form's own wording explains",
	Needs:  "requests with a justification of a few words; groups for those of several people",
	Quiet:  "short or missing texts are not compared",
	Origin: reference,
	Null: "texts are dealt out to requests at random: how often do requests of different people share a text as rare (persons), and how often does a group get so many of one text " +
		"(Fisher's exact test, times the texts); families: everybody with two texts, and every group with two",
	find: func(s *study) { s.sameTexts() },
})

// formWords is how many other people make a text a form's wording rather than
// one's own. An assumption: a text that so many give was handed to them.
const formWords = 5

// shownPairs is how many texts are shown side by side.
const shownPairs = 3

// texts is what was written: requests by cluster of like texts.
type texts struct {
	rs      []*Request
	words   [][]string
	cluster []int // by request
	size    map[int]int
}

func (s *study) sameTexts() {
	t := s.texts()
	if len(t.rs) < 2 {
		s.quiet("no two texts to compare")
		return
	}
	s.sameByPerson(t)
	s.sameByGroup(t)
}

// texts clusters the justifications: equal sets of words first, then like ones.
func (s *study) texts() *texts {
	t := &texts{size: map[int]int{}}
	at := map[string]int{}
	var sets [][]string
	var set []int // by request
	for i := range s.all {
		w := wordsOf(s.all[i].Justification)
		if len(w) < int(s.cfg.TextTokens) {
			continue
		}
		k := strings.Join(w, " ")
		n, ok := at[k]
		if !ok {
			n = len(sets)
			at[k] = n
			sets = append(sets, w)
		}
		t.rs, t.words, set = append(t.rs, &s.all[i]), append(t.words, w), append(set, n)
	}
	cluster := alike(sets, s.cfg.TextSimilarity)
	t.cluster = make([]int, len(set))
	for i, n := range set {
		t.cluster[i] = cluster[n]
		t.size[cluster[n]]++
	}
	return t
}

// byCluster puts the texts with these indices together by cluster, those of two
// or more, in order of cluster.
func (t *texts) byCluster(is []int) [][]int {
	m := map[int][]int{}
	for _, i := range is {
		m[t.cluster[i]] = append(m[t.cluster[i]], i)
	}
	var out [][]int
	for _, c := range slices.Sorted(maps.Keys(m)) {
		if len(m[c]) > 1 {
			out = append(out, m[c])
		}
	}
	return out
}

func (t *texts) requests(is []int) []*Request {
	out := make([]*Request, len(is))
	for k, i := range is {
		out[k] = t.rs[i]
	}
	return out
}

// rate is the chance that two requests of different people share a text that
// at most so many requests have. One is added, since nothing has no chance.
func (t *texts) rate() func(size int) float64 {
	owners := map[int]map[string]int{} // cluster -> person -> requests
	all := map[string]int{}
	for i, r := range t.rs {
		c := t.cluster[i]
		if owners[c] == nil {
			owners[c] = map[string]int{}
		}
		owners[c][r.Person]++
		all[r.Person]++
	}
	cross := func(of map[string]int) int {
		sum, squares := 0, 0
		for _, n := range of {
			sum += n
			squares += n * n
		}
		return (sum*sum - squares) / 2
	}
	type step struct{ size, pairs int }
	var steps []step
	for _, c := range slices.Sorted(maps.Keys(owners)) {
		steps = append(steps, step{t.size[c], cross(owners[c])})
	}
	slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.size, b.size) })
	total := cross(all)
	return func(size int) float64 {
		pairs := 1
		for _, x := range steps {
			if x.size <= size {
				pairs += x.pairs
			}
		}
		return float64(pairs) / float64(total+1)
	}
}

func (s *study) sameByPerson(t *texts) {
	by := map[string][]int{}
	for i, r := range t.rs {
		by[r.Person] = append(by[r.Person], i)
	}
	rate := t.rate()
	known := map[int]float64{} // by size
	var found []tested
	size := 0
	for _, who := range slices.Sorted(maps.Keys(by)) {
		mine := by[who]
		if len(mine) < 2 {
			continue
		}
		size++
		groups := t.byCluster(mine)
		if len(groups) == 0 {
			continue
		}
		// The rarest text says most.
		best := slices.MinFunc(groups, func(a, b []int) int {
			return cmp.Or(cmp.Compare(t.size[t.cluster[a[0]]], t.size[t.cluster[b[0]]]), cmp.Compare(a[0], b[0]))
		})
		n := t.size[t.cluster[best[0]]]
		if known[n] == 0 {
			known[n] = rate(n)
		}
		p := min(1, known[n]*float64(len(mine)*(len(mine)-1)/2))
		found = append(found, tested{p, func(float64) Finding { return s.sameText(t, best, who, "", p) }})
	}
	s.control(found, size)
}

func (s *study) sameByGroup(t *texts) {
	if s.in.Groups == nil {
		return
	}
	by := map[string][]int{}
	for i, r := range t.rs {
		names := slices.Clone(s.in.Groups(r.Person, r.Created))
		slices.Sort(names)
		for _, g := range slices.Compact(names) {
			by[g] = append(by[g], i)
		}
	}
	shared := 0
	for _, n := range t.size {
		if n > 1 {
			shared++
		}
	}
	var found []tested
	size := 0
	told := map[int][]string{} // cluster -> groups told
	for _, g := range slices.Sorted(maps.Keys(by)) {
		mine := by[g]
		if people(t.requests(mine)) < 2 {
			continue
		}
		size++
		best, p := []int(nil), 2.0
		for _, is := range t.byCluster(mine) {
			rs := t.requests(is)
			n := people(rs)
			if n < 2 {
				continue
			}
			// A person's own repetitions are told of them: people count, not requests.
			marked := t.size[t.cluster[is[0]]] - (len(is) - n)
			if v := hyperTail(n, len(mine), max(marked, n), len(t.rs)) * float64(shared); v < p {
				best, p = is, v
			}
		}
		if best == nil {
			continue
		}
		p = min(1, p)
		found = append(found, tested{p, func(float64) Finding {
			f := s.sameText(t, best, "", g, p)
			c := t.cluster[best[0]]
			if len(told[c]) > 0 {
				f.Suppressed = "org: the same text is told of another group of these people"
			}
			told[c] = append(told[c], g)
			return f
		}})
	}
	s.control(found, size)
}

func (s *study) sameText(t *texts, is []int, person, group string, p float64) Finding {
	rs := t.requests(is)
	last := rs[len(rs)-1]
	f := Finding{Severity: risk.Low, Person: person, Group: s.groupName(group), Policy: last.Policy, Time: last.Created, Subject: last.ID, Requests: ids(rs)}
	if last.Policy == "" {
		f.App = last.App
	}
	for k := 1; k < len(is) && len(f.Pairs) < shownPairs; k++ {
		a, b := is[k-1], is[k]
		f.Pairs = append(f.Pairs, Pair{
			Requests: [2]string{t.rs[a].ID, t.rs[b].ID}, Texts: [2]string{t.rs[a].Justification, t.rs[b].Justification},
			Similarity: jaccard(t.words[a], t.words[b]),
		})
	}
	least := 1.0
	for _, q := range f.Pairs {
		least = min(least, q.Similarity)
	}
	var e facts
	e.text("group", f.Group).text("policy", s.policyName(last.Policy)).text("app", f.App).
		num("requests", float64(len(rs))).num("people", float64(people(rs))).
		num("same_text_anywhere", float64(t.size[t.cluster[is[0]]])).num("texts_compared", float64(len(t.rs))).
		share("least_similarity_shown", least).at("first_request", rs[0].Created).at("last_request", last.Created)
	if person == "" {
		e.text("who", s.list(rs))
	}
	for _, q := range f.Pairs {
		e.text("text_"+q.Requests[0], q.Texts[0]).text("text_"+q.Requests[1], q.Texts[1])
		break
	}
	e.p("p", p)
	f.Evidence = e
	if n := others(t, is, person); person != "" && n >= formWords {
		f.Suppressed = fmt.Sprintf("org: a form's own wording: %d or more other people gave it too", formWords)
	}
	if person != "" {
		f.Summary = fmt.Sprintf("%s gave nearly the same reason in %d requests (%s).", s.personName(person), len(rs), decided(rs))
		f.Action = "The reason has not gone away: answer it once."
	} else {
		f.Summary = fmt.Sprintf("%d people of %s gave nearly the same reason in %d requests.", people(rs), f.Group, len(rs))
		f.Action = "A text is being passed around: ask who wrote it first and what it gets around."
	}
	return f
}

// others is how many other people gave the text of these requests.
func others(t *texts, is []int, person string) int {
	seen := map[string]bool{}
	for i, r := range t.rs {
		if t.cluster[i] == t.cluster[is[0]] && r.Person != person {
			seen[r.Person] = true
		}
	}
	return len(seen)
}
