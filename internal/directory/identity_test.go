package directory

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var testProviders = []string{"entra", "linux", "okta"}

func TestReadIdentity(t *testing.T) {
	const file = "\ufeffPerson;Provider;Tenant;Account;Display;Note\r\n" +
		"# staff\r\n" +
		"e1;Entra;t1;11111111-1111-4111-8111-111111111111;Alice Example;\r\n" +
		"E1;okta;;Alice@example.com;;since 2025\r\n" +
		"\r\n" +
		"e1;okta;;alice@example.com\r\n" + // said before
		"e2;linux;;bob\r\n" +
		"e3;linux;;Bob\r\n" // another login
	id, err := ReadIdentity("identity.csv", []byte(file), testProviders)
	if err != nil {
		t.Fatal(err)
	}
	want := []IdentityAccount{
		{Person: "e1", Provider: "entra", Tenant: "t1", Account: "11111111-1111-4111-8111-111111111111", Display: "Alice Example", Line: 3},
		{Person: "E1", Provider: "okta", Account: "Alice@example.com", Note: "since 2025", Line: 4},
		{Person: "e2", Provider: "linux", Account: "bob", Line: 7},
		{Person: "e3", Provider: "linux", Account: "Bob", Line: 8},
	}
	if d := cmp.Diff(want, id.Accounts); d != "" {
		t.Error(d)
	}
	other, err := ReadIdentity("b.csv", []byte("note,account,provider,person,display\nx,bob,linux,e2,\nx,Bob,linux,e3,\n"), testProviders)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadIdentity("c.csv", []byte("person,provider,account,note\ne3,linux,Bob,y\ne2,linux,bob,z\n"), testProviders)
	if err != nil {
		t.Fatal(err)
	}
	if other.Hash != again.Hash || other.Hash == id.Hash {
		t.Errorf("hashes %s, %s and %s: order and notes must not count, accounts must", other.Hash, again.Hash, id.Hash)
	}
}

func TestReadIdentityErrors(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", "it is empty"},
		{"no rows", "person,provider,account\n", "names no account"},
		{"utf-16", "p\x00e\x00", "not a text file in UTF-8"},
		{"no column", "person,account\n", `no column "provider"`},
		{"strange column", "person,provider,account,mail\n", `unknown column "mail"`},
		{"column twice", "person,provider,account,person\n", "occurs twice"},
		{"unknown provider", "person,provider,account\ne1,aol,x\n", `line 2: unknown provider "aol": want one of entra, linux, okta`},
		{"no account", "person,provider,account\ne1,okta,\n", "line 2: no account"},
		{"two people", "person,provider,account\ne1,okta,A@example.com\ne2,okta,a@EXAMPLE.com\n", `line 3: the okta account "a@EXAMPLE.com" is given to "e2", and in line 2 to "e1"`},
		{"two people, one tenant", "person,provider,tenant,account\ne1,entra,t1,a@example.com\ne2,entra,,a@example.com\n", "name the tenant in both rows"},
		{"bad quote", "person,provider,account\ne1,okta,\"a\"b\n", "line 2"},
	} {
		_, err := ReadIdentity("identity.csv", []byte(c.file), testProviders)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func TestIdentityMatch(t *testing.T) {
	id, err := ReadIdentity("identity.csv", []byte(`person,provider,tenant,account,display
e1,entra,t1,AAAAAAAA-1111-4111-8111-111111111111,Alice Example
e1,okta,,alice@example.com,
e1,linux,,alice,
e2,entra,,bob@example.com,
e2,okta,,00uBob,
e3,entra,,reused@example.com,
e4,okta,,never@example.com,
e5,linux,,Alice,
`), testProviders)
	if err != nil {
		t.Fatal(err)
	}
	seen := []SeenAccount{
		{Provider: "entra", Tenant: "t1", Principal: "aaaaaaaa-1111-4111-8111-111111111111", Names: []string{"alice@example.com"}},
		{Provider: "entra", Tenant: "t2", Principal: "aaaaaaaa-1111-4111-8111-111111111111"}, // another tenant
		{Provider: "okta", Tenant: "o", Principal: "00uAlice", Names: []string{"Alice@Example.com"}},
		{Provider: "linux", Principal: "name:alice", Names: []string{"alice"}},
		{Provider: "linux", Principal: "name:Alice", Names: []string{"Alice"}},
		{Provider: "entra", Tenant: "t1", Principal: "b1", Names: []string{"bob@example.com", "robert@example.com"}},
		{Provider: "entra", Tenant: "t1", Principal: "name:bob@example.com", Names: []string{"bob@example.com"}},
		{Provider: "okta", Tenant: "o", Principal: "00ubob", Names: []string{"other"}}, // ids differ by case
		{Provider: "okta", Tenant: "o", Principal: "00uBob"},
		{Provider: "entra", Tenant: "t1", Principal: "r1", Names: []string{"reused@example.com"}},
		{Provider: "entra", Tenant: "t1", Principal: "r2", Names: []string{"reused@example.com"}},
	}
	key := func(p, t, u string) string { return p + "\x1f" + t + "\x1f" + u }
	want := []IdentityPerson{
		{Name: "Alice Example", Accounts: []string{
			key("entra", "t1", "aaaaaaaa-1111-4111-8111-111111111111"), key("linux", "", "name:alice"), key("okta", "o", "00uAlice"),
		}},
		{Name: "e2", Accounts: []string{key("entra", "t1", "b1"), key("entra", "t1", "name:bob@example.com"), key("okta", "o", "00uBob")}},
		{Name: "e5", Accounts: []string{key("linux", "", "name:Alice")}},
	}
	for seed := range uint64(5) {
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(seen), func(i, k int) { seen[i], seen[k] = seen[k], seen[i] })
		m := id.Index().Match(seen)
		if d := cmp.Diff(want, m.People); d != "" {
			t.Fatalf("order %d: %s", seed, d)
		}
		if len(m.Unseen) != 1 || m.Unseen[0].Account != "never@example.com" {
			t.Errorf("unseen %v", m.Unseen)
		}
		if len(m.Issues) != 1 || !strings.Contains(m.Issues[0], "line 7: 2 accounts of entra tenant t1 had the name") {
			t.Errorf("issues %q", m.Issues)
		}
	}
}

func TestSuggest(t *testing.T) {
	seen := []SeenAccount{
		{Provider: "okta", Principal: "1", Names: []string{"alice@example.com"}},
		{Provider: "entra", Tenant: "t", Principal: "2", Names: []string{"Alice@example.com"}},
		{Provider: "linux", Principal: "name:bob", Names: []string{"bob"}},
		{Provider: "entra", Tenant: "t", Principal: "3", Names: []string{"bob@example.com"}},
		{Provider: "linux", Principal: "name:carol", Names: []string{"carol"}},
		{Provider: "entra", Tenant: "t", Principal: "4", Names: []string{"carol@example.com"}},
		{Provider: "entra", Tenant: "t", Principal: "5", Names: []string{"carol@example.org"}}, // which of the two?
		{Provider: "linux", Principal: "name:root", Names: []string{"root"}},
		{Provider: "entra", Tenant: "t", Principal: "6", Names: []string{"root@example.org"}},
		{Provider: "okta", Principal: "7", Names: []string{"dave@example.com"}},
		{Provider: "entra", Tenant: "t", Principal: "8", Names: []string{"dave@example.com"}},
	}
	known, err := ReadIdentity("identity.csv", []byte("person,provider,account\nd,okta,7\nd,entra,8\n"), testProviders)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range Suggest(seen, known) {
		line := s.Person
		for _, a := range s.Accounts {
			line += " " + a.Provider + "/" + a.Principal
		}
		if s.Sure {
			line += " sure"
		}
		got = append(got, line)
	}
	want := []string{"alice@example.com entra/2 okta/1 sure", "bob@example.com entra/3 linux/name:bob"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzReadIdentity(f *testing.F) {
	f.Add([]byte("person,provider,tenant,account,display,note\ne1,okta,,a@example.com,A,\n"))
	f.Add([]byte("person;provider;account\ne1;entra;\"x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		id, err := ReadIdentity("identity.csv", data, testProviders)
		if (id == nil) == (err == nil) {
			t.Fatalf("identity %v with error %v", id, err)
		}
		if id != nil {
			id.Index().Match([]SeenAccount{{Provider: "okta", Principal: "x", Names: []string{"a@example.com"}}})
		}
	})
}
