// Package graphtest is a local Microsoft Graph for tests, written from its
// documentation: paging by @odata.nextLink with opaque skip tokens, $filter on
// time and kind, $orderby, the maximum of $top, errors as code and message, and
// every fault a client has to live with. It is no part of the program.
package graphtest

import (
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Row is one object of a collection.
type Row struct {
	Time time.Time // for filters and order; zero where there is none
	Kind string    // for filters: the event type or category
	JSON string
}

// Fault is what goes wrong with one request. The zero value is nothing.
type Fault struct {
	Status     int    // answers with it
	Code       string // of the error body
	Message    string
	RetryAfter string
	Challenge  string // WWW-Authenticate
	Reset      bool   // breaks the connection in the middle of the body
	Truncate   bool   // ends the body early, as if it were whole
	Link       string // the nextLink instead of the right one; "again" is the one that led here
	Hang       bool   // answers nothing until the client goes away
	Location   string // redirects there
}

// Server is a tenant behind an address. Fill it before the first request.
type Server struct {
	*httptest.Server
	Collections map[string][]Row  // by path
	Objects     map[string]string // by path
	Refused     map[string]Fault  // by path
	Token       func(token string) bool

	mu     sync.Mutex
	size   int
	zip    bool
	fault  func(n int, r *http.Request) Fault
	n      int
	seen   []string // addresses of requests
	tokens map[string]int
}

// New starts an empty tenant that takes the token "secret-token". Close it.
func New() *Server {
	s := &Server{
		Collections: map[string][]Row{}, Objects: map[string]string{}, Refused: map[string]Fault{},
		Token: func(t string) bool { return t == "secret-token" }, tokens: map[string]int{},
	}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// Requests lists the addresses asked for so far, in order.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// Break asks fault before every answer from now on; n counts requests from 1. nil
// mends the server.
func (s *Server) Break(fault func(n int, r *http.Request) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// Pages sets the largest page, 0 for what $top says.
func (s *Server) Pages(size int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size = size
}

// Zip makes the server compress for those who take it.
func (s *Server) Zip(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.zip = on
}

// Forget makes every skip token given so far unknown.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = map[string]int{}
}

// Add puts a row into a collection; the server may be running.
func (s *Server) Add(path string, r Row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Collections[path] = append(s.Collections[path], r)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.n++
	n := s.n
	s.seen = append(s.seen, r.URL.String())
	fault, zip := s.fault, s.zip
	s.mu.Unlock()
	var f Fault
	if fault != nil {
		f = fault(n, r)
	}
	switch {
	case f.Hang:
		<-r.Context().Done()
		return
	case f.Location != "":
		http.Redirect(w, r, f.Location, http.StatusFound)
		return
	case f.Status != 0:
		fail(w, f)
		return
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || !s.Token(token) {
		fail(w, Fault{Status: 401, Code: "InvalidAuthenticationToken", Message: "Lifetime validation failed, the token is expired."})
		return
	}
	if f, ok := s.Refused[r.URL.Path]; ok {
		fail(w, f)
		return
	}
	if o, ok := s.Objects[r.URL.Path]; ok {
		s.send(w, r, f, zip, []byte(o))
		return
	}
	body, bad := s.page(r, f)
	if bad.Status != 0 {
		fail(w, bad)
		return
	}
	s.send(w, r, f, zip, body)
}

var filter = regexp.MustCompile(`^(createdDateTime|activityDateTime) ge (\S+) and (createdDateTime|activityDateTime) le (\S+) and ` +
	`(?:signInEventTypes/any\(t: t eq '(\w+)'\)|category eq '(\w+)')$`)

var byGroup = regexp.MustCompile(`^groupId eq '([-0-9a-f]+)'$`)

func (s *Server) page(r *http.Request, f Fault) ([]byte, Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows, ok := s.Collections[r.URL.Path]
	if !ok {
		return nil, Fault{Status: 404, Code: "Request_ResourceNotFound", Message: "Resource '" + r.URL.Path + "' does not exist or one of its queried reference-property objects are not present."}
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, Fault{Status: 400, Code: "BadRequest", Message: "Malformed query"}
	}
	if rows, err = match(rows, q); err != nil {
		return nil, Fault{Status: 400, Code: "BadRequest", Message: err.Error()}
	}
	if r.Header.Get("Prefer") != "include-unknown-enum-members" {
		rows = slices.Clone(rows)
		for i := range rows {
			rows[i].JSON = strings.ReplaceAll(rows[i].JSON, `"reportOnly`, `"unknownFutureValue`)
		}
	}
	top, err := strconv.Atoi(cmp.Or(q.Get("$top"), "100"))
	if err != nil || top < 1 || top > 1000 {
		return nil, Fault{Status: 400, Code: "BadRequest", Message: "Invalid page size specified: '" + q.Get("$top") + "'. Must be between 1 and 1000 inclusive."}
	}
	if s.size > 0 {
		top = min(top, s.size)
	}
	at := 0
	if t := q.Get("$skiptoken"); t != "" {
		if at, ok = s.tokens[t]; !ok {
			return nil, Fault{Status: 400, Code: "BadRequest", Message: "Skip token is null or expired."}
		}
	}
	at = min(at, len(rows))
	end := min(at+top, len(rows))
	return s.write(r, q, f, rows[at:end], end, end < len(rows)), Fault{}
}

// write makes the JSON of a page.
func (s *Server) write(r *http.Request, q url.Values, f Fault, rows []Row, end int, more bool) []byte {
	version, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	var b strings.Builder
	fmt.Fprintf(&b, `{"@odata.context":"https://graph.microsoft.com/%s/$metadata#%s"`, version, context(rest))
	next := ""
	if more {
		token := fmt.Sprintf("t%d-%d", end, len(s.tokens))
		s.tokens[token] = end
		q.Set("$skiptoken", token)
		next = s.URL + r.URL.Path + "?" + q.Encode()
	}
	switch f.Link {
	case "":
	case "again":
		next = s.URL + r.URL.RequestURI()
	default:
		next = f.Link
	}
	if next != "" {
		text, _ := json.Marshal(next) //nolint:errchkjson // a string
		fmt.Fprintf(&b, `,"@odata.nextLink":%s`, text)
	}
	b.WriteString(`,"value":[`)
	for i, row := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(row.JSON)
	}
	b.WriteString("]}")
	return []byte(b.String())
}

// context is what Graph writes for a path: the collection, and the bare type of
// the members of a group.
func context(path string) string {
	if strings.HasSuffix(path, "/transitiveMembers") {
		return "directoryObjects(id,userPrincipalName,displayName)"
	}
	return path
}

// match applies $filter and $orderby.
func match(rows []Row, q url.Values) ([]Row, error) {
	text := q.Get("$filter")
	keep := func(Row) bool { return true }
	if m := byGroup.FindStringSubmatch(text); m != nil {
		keep = func(r Row) bool { return r.Kind == m[1] }
	} else if text != "" {
		m := filter.FindStringSubmatch(text)
		if m == nil || m[1] != m[3] {
			return nil, fmt.Errorf("Invalid filter clause: %s", text) //nolint:staticcheck // as Graph writes it
		}
		from, err := time.Parse(time.RFC3339Nano, m[2])
		if err != nil {
			return nil, fmt.Errorf("Invalid filter clause: %w", err) //nolint:staticcheck // as Graph writes it
		}
		to, err := time.Parse(time.RFC3339Nano, m[4])
		if err != nil {
			return nil, fmt.Errorf("Invalid filter clause: %w", err) //nolint:staticcheck // as Graph writes it
		}
		keep = func(r Row) bool {
			return !r.Time.Before(from) && !r.Time.After(to) && r.Kind == m[5]+m[6]
		}
	}
	var out []Row
	for _, r := range rows {
		if keep(r) {
			out = append(out, r)
		}
	}
	switch q.Get("$orderby") {
	case "": // the most recent first
		slices.SortStableFunc(out, func(a, b Row) int { return b.Time.Compare(a.Time) })
	case "createdDateTime", "activityDateTime":
		slices.SortStableFunc(out, func(a, b Row) int { return a.Time.Compare(b.Time) })
	default:
		return nil, fmt.Errorf("Invalid $orderby %q", q.Get("$orderby")) //nolint:staticcheck // as Graph writes it
	}
	return out, nil
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, f Fault, zip bool, body []byte) {
	w.Header().Set("Content-Type", "application/json;odata.metadata=minimal;charset=utf-8")
	if f.Truncate {
		body = body[:len(body)*2/3]
	}
	if f.Reset {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	if zip && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(body)
		_ = z.Close()
		return
	}
	_, _ = w.Write(body)
}

func fail(w http.ResponseWriter, f Fault) {
	w.Header().Set("Content-Type", "application/json")
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	if f.Challenge != "" {
		w.Header().Set("WWW-Authenticate", f.Challenge)
	}
	w.WriteHeader(f.Status)
	if f.Code != "" {
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"code": f.Code, "message": f.Message, "innerError": map[string]any{"request-id": "x"}}})
	}
}
