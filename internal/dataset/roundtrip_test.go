package dataset

import (
	"fmt"
	"net/netip"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frisk/internal/signin"
)

var addrs = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

// fill sets every field of an event by reflection, so that a field added to
// signin.Event without a column makes the round trip fail.
func fill(v reflect.Value, path string, n *int) {
	*n++
	switch {
	case v.Type() == reflect.TypeFor[netip.Addr]():
		v.Set(reflect.ValueOf(netip.AddrFrom4([4]byte{203, 0, 113, byte(*n)})))
	case v.Type() == reflect.TypeFor[signin.Time]():
		v.SetInt(int64(signin.Earliest) + int64(*n))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), path+"."+v.Type().Field(i).Name, n)
		}
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprintf("%s %d", path, *n))
	case v.CanInt():
		v.SetInt(int64(*n))
	case v.Kind() == reflect.Uint8: // an enum: every one has a first and second value
		v.SetUint(2)
	case v.CanUint():
		v.SetUint(uint64(*n))
	case v.CanFloat():
		v.SetFloat(float64(*n) + 0.123456789)
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	default:
		panic("no filler for " + path)
	}
}

func TestRoundTripOfEveryField(t *testing.T) {
	var full signin.Event
	n := 0
	fill(reflect.ValueOf(&full).Elem(), "Event", &n)
	sparse := signin.Event{
		Time: signin.Earliest, ID: "a", Provider: "p", Principal: signin.Principal{ID: "x"},
		Source: signin.Source{IP: netip.MustParseAddr("2001:db8::1")},
	}
	upper := sparse
	upper.ID = "AAAAAAAA-0000-4000-8000-00000000000A" // a GUID, but not its canonical text
	lower := sparse
	lower.ID = "aaaaaaaa-0000-4000-8000-00000000000a"
	lower.Correlation = lower.ID
	empty := sparse
	empty.ID, empty.Policies, empty.Geo.Located, empty.Geo.Lat = "b", "[]", true, -33.5
	want := inOrder([]signin.Event{full, sparse, upper, lower, empty})

	d := create(t)
	ingest(t, d, AppendOptions{}, want)
	if diff := diff(want, stored(t, d)); diff != "" {
		t.Errorf("All (-want +got):\n%s", diff)
	}
	r := reader(t, d, signin.Need{})
	var refs []signin.Ref
	for i := range want {
		refs = append(refs, signin.Ref{Row: uint32(len(want) - 1 - i)})
	}
	got, err := r.Fetch(t.Context(), refs)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if diff := diff(want[len(want)-1-i:len(want)-i], got[i:i+1]); diff != "" {
			t.Errorf("Fetch (-want +got):\n%s", diff)
		}
	}
	for i := range want {
		found, err := r.Find(t.Context(), want[i].ID)
		if err != nil || len(found) != 1 {
			t.Fatalf("Find %q: %v, %v", want[i].ID, found, err)
		}
		if diff := diff(want[i:i+1], []signin.Event{found[0].Event}); diff != "" {
			t.Errorf("Find (-want +got):\n%s", diff)
		}
	}
	if found, err := r.Find(t.Context(), "nobody"); err != nil || found != nil {
		t.Errorf("Find of an unknown id: %v, %v", found, err)
	}
}

// Rows must be what signin.RowOf makes of the events.
func TestRowsMatchRowOf(t *testing.T) {
	events := newGenerator(3, 30).events(3000)
	events[5].Session = "not a guid"
	events[7].Correlation = ""
	d := create(t)
	ingest(t, d, AppendOptions{BufferRows: 700}, events)
	want := inOrder(events)
	r := reader(t, d, signin.NeedAll())
	i := 0
	for s := range signin.Shards {
		sym := signin.NewSymbols()
		for h, err := range r.People(t.Context(), s, sym) {
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range h.Rows {
				w := signin.RowOf(&want[i], sym)
				w.Ref = row.Ref
				if w != row {
					t.Fatalf("row %d of %s:\nwant %+v\ngot  %+v", i, h.Person(), w, row)
				}
				i++
			}
		}
	}
	if i != len(want) {
		t.Errorf("got %d rows, want %d", i, len(want))
	}
}
