package signin

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fill sets every field of v to a value that depends on n and the field's
// place, so that two fields are never equal by accident.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[netip.Addr]() {
			v.Set(reflect.ValueOf(netip.AddrFrom4([4]byte{192, 0, 2, byte(*n)})))
			return
		}
		for _, field := range v.Fields() {
			fill(field, n)
		}
	case reflect.String:
		v.SetString("text" + string(rune('A'+*n%26)) + string(rune('a'+*n/26)))
	case reflect.Int64:
		v.SetInt(int64(Earliest) + int64(*n))
	case reflect.Uint8:
		v.SetUint(1 + uint64(*n)%2)
	case reflect.Uint16, reflect.Uint32:
		v.SetUint(uint64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n))
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic("field kind " + v.Kind().String() + " needs a case here and a column")
	}
}

func filled() Event {
	var e Event
	n := 0
	fill(reflect.ValueOf(&e).Elem(), &n)
	return e
}

// Every field must have a column: a field that the column table forgets would
// be lost on its way to disk.
func TestColumnsCarryEveryField(t *testing.T) {
	want := filled()
	var got Event
	for i := range DimColumns {
		DimColumns[i].Set(&got, DimColumns[i].Get(&want))
	}
	for i := range EnumColumns {
		EnumColumns[i].Set(&got, EnumColumns[i].Get(&want))
	}
	for i := range IDColumns {
		IDColumns[i].Set(&got, IDColumns[i].Get(&want))
	}
	// The columns outside the tables.
	got.Time, got.ASN, got.Source.Port, got.Raw.Line = want.Time, want.ASN, want.Source.Port, want.Raw.Line
	got.Geo.Lat, got.Geo.Lon, got.Geo.Radius, got.Geo.Located = want.Geo.Lat, want.Geo.Lon, want.Geo.Radius, want.Geo.Located
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("through the columns (-want +got):\n%s", diff)
	}
}

func TestColumnTablesAreIndexedByTheirConstant(t *testing.T) {
	names := map[string]bool{}
	for i := range DimColumns {
		if int(DimColumns[i].Dim) != i || DimColumns[i].Get == nil {
			t.Errorf("DimColumns[%d] is %+v", i, DimColumns[i])
		}
		names[DimColumns[i].Name] = true
	}
	for i := range EnumColumns {
		if int(EnumColumns[i].Enum) != i || EnumColumns[i].Texts[0] != "" {
			t.Errorf("EnumColumns[%d] is %+v", i, EnumColumns[i])
		}
		names[EnumColumns[i].Name] = true
		for v, s := range EnumColumns[i].Texts {
			if got := EnumColumns[i].Value(s); int(got) != v {
				t.Errorf("%s: Value(%q) = %d, want %d", EnumColumns[i].Name, s, got, v)
			}
		}
	}
	if want := int(NumDims) + int(NumEnums); len(names) != want {
		t.Errorf("%d distinct column names, want %d", len(names), want)
	}
}

func TestCompareIsATotalOrder(t *testing.T) {
	var events []Event
	for i := range 64 {
		events = append(events, Event{
			Time: Earliest + Time(i%2), ID: []string{"a", "b"}[i/2%2],
			Raw: Raw{File: []string{"x", "y"}[i/4%2], Line: int64(i / 8)},
		})
	}
	want := slices.Clone(events)
	slices.SortFunc(want, func(a, b Event) int { return Compare(&a, &b) })
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		got := slices.Clone(events)
		r.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		slices.SortFunc(got, func(a, b Event) int { return Compare(&a, &b) })
		if !slices.Equal(got, want) {
			t.Fatal("the order depends on the input order")
		}
	}
	for i := range want[1:] {
		if Compare(&want[i], &want[i+1]) >= 0 {
			t.Fatalf("events %d and %d compare equal or descending", i, i+1)
		}
	}
}

// The shard function is part of the on-disk format: these values may never change.
func TestShardIsFixed(t *testing.T) {
	for person, want := range map[string]int{
		PersonKey("entra", "t1", "u1"): 27,
		PersonKey("entra", "t1", "u2"): 46,
		PersonKey("okta", "", "00u1"):  44,
	} {
		if got := Shard(person); got != want {
			t.Errorf("Shard(%q) = %d, want %d", person, got, want)
		}
	}
	var seen [Shards]int
	for i := range 64 * 200 {
		seen[Shard(PersonKey("entra", "t", string(rune('a'+i%26))+string(rune(i))))]++
	}
	if lo := slices.Min(seen[:]); lo < 100 {
		t.Errorf("a shard got %d of an even share of 200", lo)
	}
}

func TestNormalizeToken(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		// The documented identity: the request id and the uti of one public record.
		{"little-endian bytes", "JYpgIpsdtUSw8suU8GstAA", "22608a25-1d9b-44b5-b0f2-cb94f06b2d00"},
		{"text form", "MjI2MDhhMjUtMWQ5Yi00NGI1LWIwZjItY2I5NGYwNmIyZDAw", "22608a25-1d9b-44b5-b0f2-cb94f06b2d00"},
		{"empty", "", ""},
		{"something else", "abc", "abc"},
		{"22 characters that are not base64", "!!!!!!!!!!!!!!!!!!!!!!", "!!!!!!!!!!!!!!!!!!!!!!"},
	} {
		if got := NormalizeToken(tt.in); got != tt.want {
			t.Errorf("%s: NormalizeToken(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func TestIDHash(t *testing.T) {
	const lower, upper = "22608a25-1d9b-44b5-b0f2-cb94f06b2d00", "22608A25-1D9B-44B5-B0F2-CB94F06B2D00"
	if IDHash("") != 0 {
		t.Error("the empty id must hash to 0, not said")
	}
	if IDHash(lower) != IDHash(upper) {
		t.Error("a GUID must hash the same in either case")
	}
	g, ok := ParseGUID(lower)
	if !ok || GUIDHash(g) != IDHash(lower) || g.String() != lower {
		t.Error("a GUID must hash by its bytes and print canonically")
	}
	// Hyphens in the four right places and one more: found by a fuzzer.
	if _, ok := ParseGUID("01234567-0123-0123-0123-0123456789-1"); ok {
		t.Error("36 bytes with a fifth hyphen are taken for a GUID")
	}
	if IDHash("a") == IDHash("b") || IDHash("00000000-0000-0000-0000-000000000000") == 0 {
		t.Error("ids must differ from each other and from 0")
	}
}

func TestTruth(t *testing.T) {
	all := []Truth{Unknown, False, True}
	for _, a := range all {
		for _, b := range all {
			// De Morgan, which ties the three tables together.
			if a.And(b).Not() != a.Not().Or(b.Not()) || a.And(b) != b.And(a) {
				t.Errorf("And(%s, %s) is inconsistent", a, b)
			}
		}
		if ParseTruth(a.Text()) != a || a.Not().Not() != a {
			t.Errorf("%s does not survive a round trip", a)
		}
	}
	if Unknown.And(False) != False || Unknown.Or(True) != True || Unknown.And(True) != Unknown {
		t.Error("unknown must give way only to the deciding value")
	}
}

func TestValidate(t *testing.T) {
	good := Event{Time: Earliest, ID: "1", Provider: "entra", Principal: Principal{ID: "u"}}
	for _, tt := range []struct {
		name string
		edit func(*Event)
		want error
	}{
		{"good", func(*Event) {}, nil},
		{"no time", func(e *Event) { e.Time = 0 }, ErrNoTime},
		{"before 2000", func(e *Event) { e.Time = Earliest - 1 }, ErrTimeRange},
		{"2100", func(e *Event) { e.Time = Latest }, ErrTimeRange},
		{"no id", func(e *Event) { e.ID = "" }, ErrNoID},
		{"no provider", func(e *Event) { e.Provider = "" }, ErrNoProvider},
		{"no principal", func(e *Event) { e.Principal.ID = "" }, ErrNoPrincipal},
		{"zero point", func(e *Event) { e.Geo.Located = true }, ErrCoordinates},
		{"latitude", func(e *Event) { e.Geo = Geo{Located: true, Lat: 91} }, ErrCoordinates},
	} {
		e := good
		tt.edit(&e)
		if err := e.Validate(); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestNormalizeGivesANamedPrincipalAnID(t *testing.T) {
	e := Event{Principal: Principal{Name: "Ann@Example.com"}}
	e.Normalize()
	if e.Principal.ID != "name:ann@example.com" {
		t.Errorf("got %q", e.Principal.ID)
	}
}

func TestRowOf(t *testing.T) {
	e := filled()
	s := NewSymbols()
	r := RowOf(&e, s)
	for i := range DimColumns {
		if got, want := s.Text(&r, Dim(i)), DimColumns[i].Get(&e); got != want {
			t.Errorf("%s: %q, want %q", DimColumns[i].Name, got, want)
		}
	}
	if r.Outcome() != e.Outcome || r.ID != IDHash(e.ID) || r.Trust() != e.Device.Trust {
		t.Error("the small fields do not match the event")
	}
	again := RowOf(&e, s)
	if again != r {
		t.Error("the same event must give the same row")
	}
}

func TestListsAreCanonical(t *testing.T) {
	p := []RecordedPolicy{{ID: "p", Name: "a <b>", Result: "success", Satisfied: 3, NotSatisfied: -1}}
	l := EncodeList(p)
	if want := List(`[{"id":"p","name":"a <b>","result":"success","satisfied":3,"notSatisfied":-1}]`); l != want {
		t.Errorf("got %s, want %s", l, want)
	}
	got, err := DecodeList[RecordedPolicy](l)
	if err != nil || !cmp.Equal(got, p) {
		t.Errorf("round trip: %v, %v", got, err)
	}
	if EncodeList[string](nil) != "" || EncodeList([]string{}) != "[]" {
		t.Error("silence and an empty list must differ")
	}
	if _, err := DecodeList[string]("{"); err == nil {
		t.Error("broken text must be an error")
	}
}

func TestDayStart(t *testing.T) {
	for _, tt := range []struct{ in, want Time }{{0, 0}, {Day - 1, 0}, {Day, Day}, {-1, -Day}} {
		if got := tt.in.DayStart(); got != tt.want {
			t.Errorf("DayStart(%d) = %d, want %d", tt.in, got, tt.want)
		}
	}
}
