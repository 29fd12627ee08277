package replay

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// tracked finds rows of sessions that began with a device code or a transfer: the
// log names it on the first leg, and on later rows only where it carries
// originalTransferMethod; the sessionId links them (reference 1.6, protocol
// tracking).
type tracked struct {
	ids  idTable
	some bool
}

// The flows a session can be tracked for, as values of tracked.ids.
const (
	flowDeviceCode = 1
	flowTransfer   = 2
)

func (k *tracked) reset() {
	if k.some {
		k.ids.reset()
		k.some = false
	}
}

// see takes row r in and says with which flow its session began, where the row
// itself does not.
func (k *tracked) see(t *tables, r *signin.Row) int32 {
	if r.Session == 0 {
		return 0
	}
	flow := int32(*t.protocol.get(t.sym[signin.DimProtocol], r.C[signin.DimProtocol]))
	if flow == 0 {
		flow = int32(*t.transfer.get(t.sym[signin.DimTransfer], r.C[signin.DimTransfer]))
	}
	if flow != 0 {
		if r.Outcome() == signin.Success { // a code nobody answered begins no session
			k.some = true
			v, _ := k.ids.at(r.Session, flow)
			*v = flow
		}
		return 0
	}
	if !k.some || r.C[signin.DimTransfer] != 0 {
		return 0
	}
	return k.ids.find(r.Session)
}

// flowOf reads authenticationProtocol or originalTransferMethod, which may list
// several protocols.
func flowOf(text, deviceCode, transfer string) uint8 {
	parts := strings.Split(strings.ToLower(text), ",")
	switch {
	case slices.Contains(parts, deviceCode):
		return flowDeviceCode
	case slices.Contains(parts, transfer):
		return flowTransfer
	}
	return 0
}

// Tracked is row i of a person's history as policies see it: where the log
// leaves out how its session began and the sessionId tells, with
// originalTransferMethod filled in (reference 1.6, protocol tracking). Replay does
// this by itself; explaining a single row needs it.
func Tracked(sym *signin.Symbols, rows []signin.Row, i int) signin.Row {
	var k tracked
	t := newTables(sym)
	flow := int32(0)
	for n := range rows[:i+1] {
		flow = k.see(t, &rows[n])
	}
	r := rows[i]
	if flow != 0 {
		r.C[signin.DimTransfer] = t.flows[flow]
	}
	return r
}
