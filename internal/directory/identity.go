package directory

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Identity is identity.csv: which accounts belong to one person, as the
// organisation says. Nothing is joined that the file does not name.
type Identity struct {
	// Accounts are the rows of the file, in its order, repeated ones left out.
	Accounts []IdentityAccount
	// Hash changes when the file joins other accounts; notes and the order of
	// rows do not count.
	Hash string
}

// IdentityAccount is one row: an account of a person.
type IdentityAccount struct {
	Person   string // who; rows of one person have the same text, in any case
	Provider string // signin.Event.Provider, lower case
	Tenant   string // "" = in every tenant of the provider
	Account  string // the provider's id of the account, or its name
	Display  string // what reports call the person; "" = Person
	Note     string
	Line     int
}

// IdentityColumns are the columns of identity.csv, for help texts.
var IdentityColumns = []Column{
	{"person", "who: any text that is the same in all rows of one person (an employee number, a mail address)"},
	{"provider", "whose account: entra, okta, sshd, ..., as analyze status lists them"},
	{"tenant", "optional: only in this tenant; empty is every tenant of the provider"},
	{"account", "the provider's id of the account, or its login name"},
	{"display", "optional: what reports call the person"},
	{"note", "optional: for you"},
}

// IdentityError is one thing wrong with identity.csv.
type IdentityError struct {
	File string
	Line int // 0 = the file as a whole
	Err  error
	Hint string
}

func (e *IdentityError) Error() string {
	s := fmt.Sprintf("identity file %q", e.File)
	if e.Line > 0 {
		s += fmt.Sprintf(" line %d", e.Line)
	}
	s += ": " + e.Err.Error()
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

// Unwrap gives the cause.
func (e *IdentityError) Unwrap() error { return e.Err }

// maxIdentityErrors is how many mistakes LoadIdentity lists before it gives up.
const maxIdentityErrors = 10

// LoadIdentity reads identity.csv; providers are those that may be named, nil = any. Any
// mistake is an error, the first few are listed together: a file that is read in
// part would join people in part.
func LoadIdentity(path string, providers []string) (*Identity, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, &IdentityError{File: path, Err: err}
	}
	return ReadIdentity(path, data, providers)
}

// ReadIdentity is LoadIdentity on bytes; name is what errors call the file.
func ReadIdentity(name string, data []byte, providers []string) (*Identity, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	p := identityParser{name: name, providers: providers, owner: map[string][]IdentityAccount{}}
	head, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, p.wrong(0, errors.New("it is not a text file in UTF-8"), "save it as CSV UTF-8")
	}
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord = -1
	in.Comma = delimiter(data)
	in.TrimLeadingSpace = true
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, p.wrong(0, errors.New("it is empty"), "its first line is person,provider,tenant,account")
	}
	if err != nil {
		return nil, p.wrong(0, err, "")
	}
	if err := p.header(header); err != nil {
		return nil, err
	}
	for len(p.errs) < maxIdentityErrors {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if bad := (*csv.ParseError)(nil); errors.As(err, &bad) {
			p.errs = append(p.errs, p.wrong(bad.StartLine, bad.Err, "quote cells that contain the separator"))
			continue
		}
		if err != nil {
			return nil, p.wrong(0, err, "")
		}
		line, _ := in.FieldPos(0)
		p.row(row, line)
	}
	if len(p.errs) > 0 {
		return nil, errors.Join(p.errs...)
	}
	if len(p.out) == 0 {
		return nil, p.wrong(0, errors.New("it names no account"), "remove the key identity from frisk.yaml if you join nobody")
	}
	return &Identity{Accounts: p.out, Hash: hashIdentity(p.out)}, nil
}

type identityParser struct {
	name      string
	providers []string
	cols      [6]int                       // by IdentityColumns; -1 = the file lacks it
	owner     map[string][]IdentityAccount // by account, whatever the tenant
	out       []IdentityAccount
	errs      []error
}

func (p *identityParser) wrong(line int, err error, hint string) error {
	return &IdentityError{File: p.name, Line: line, Err: err, Hint: hint}
}

func (p *identityParser) header(cells []string) error {
	for i := range p.cols {
		p.cols[i] = -1
	}
	for at, c := range cells {
		i := slices.IndexFunc(IdentityColumns, func(k Column) bool { return k.Name == strings.ToLower(strings.TrimSpace(c)) })
		switch {
		case i < 0:
			return p.wrong(1, fmt.Errorf("unknown column %q", c), "the columns are person, provider, tenant, account, display, note")
		case p.cols[i] >= 0:
			return p.wrong(1, fmt.Errorf("column %q occurs twice", c), "")
		}
		p.cols[i] = at
	}
	for _, i := range []int{0, 1, 3} {
		if p.cols[i] < 0 {
			return p.wrong(1, fmt.Errorf("no column %q", IdentityColumns[i].Name), "the columns are person, provider, tenant, account, display, note")
		}
	}
	return nil
}

func (p *identityParser) row(cells []string, line int) {
	cell := func(i int) string {
		if at := p.cols[i]; at >= 0 && at < len(cells) {
			s := strings.TrimSpace(cells[at])
			// The mark that keeps spreadsheets from running a cell; suggest writes it.
			if len(s) > 1 && s[0] == '\'' && strings.IndexByte("=+-@", s[1]) >= 0 {
				s = s[1:]
			}
			return s
		}
		return ""
	}
	a := IdentityAccount{
		Person: cell(0), Provider: strings.ToLower(cell(1)), Tenant: cell(2), Account: cell(3),
		Display: cell(4), Note: cell(5), Line: line,
	}
	if strings.Join(cells, "") == "" || strings.HasPrefix(a.Person, "#") {
		return // blank, or a comment
	}
	for _, i := range []int{0, 1, 3} {
		if cell(i) == "" {
			p.errs = append(p.errs, p.wrong(line, fmt.Errorf("no %s", IdentityColumns[i].Name), ""))
			return
		}
	}
	if p.providers != nil && !slices.Contains(p.providers, a.Provider) {
		p.errs = append(p.errs, p.wrong(line, fmt.Errorf("unknown provider %q", a.Provider), "want one of "+strings.Join(p.providers, ", ")))
		return
	}
	for _, o := range p.owner[a.slot("")] {
		sameTenant := strings.EqualFold(o.Tenant, a.Tenant)
		switch {
		case samePerson(o.Person, a.Person) && sameTenant:
			return // said before
		case !samePerson(o.Person, a.Person) && (sameTenant || o.Tenant == "" || a.Tenant == ""):
			hint := "an account belongs to one person"
			if !sameTenant {
				hint = "name the tenant in both rows"
			}
			p.errs = append(p.errs, p.wrong(line, fmt.Errorf("the %s account %q is given to %q, and in line %d to %q", a.Provider, a.Account, a.Person, o.Line, o.Person), hint))
			return
		}
	}
	p.owner[a.slot("")] = append(p.owner[a.slot("")], a)
	p.out = append(p.out, a)
}

func samePerson(a, b string) bool { return strings.EqualFold(a, b) }

// slot is the account as the file means it, equal for two spellings of one.
func (a *IdentityAccount) slot(tenant string) string {
	return signin.PersonKey(a.Provider, tenant, foldName(a.Provider, a.Account))
}

// caseSensitive are the providers whose login names differ by case: Unix does
// (useradd(8)). Others fold: an Entra, Okta or Windows name is one in any case.
var caseSensitive = map[string]bool{"linux": true, "teleport": true}

// foldName is a login name in the form two spellings of one name share.
func foldName(provider, name string) string {
	if caseSensitive[provider] {
		return name
	}
	return strings.ToLower(name)
}

func hashIdentity(rows []IdentityAccount) string {
	lines := make([]string, len(rows))
	for i := range rows {
		a := &rows[i]
		lines[i] = strings.ToLower(a.Person) + "\x1f" + a.slot(strings.ToLower(a.Tenant)) + "\x1f" + a.Account + "\x1f" + cmp.Or(a.Display, a.Person)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:8])
}
