package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"frisk/internal/signin"
)

var (
	errNoEventID   = errors.New("no event id")
	errNoEventTime = errors.New("no event time")
	errPayload     = errors.New("the Payload is not JSON")
)

// windowsJSON reads one event in the five shapes met: winlogbeat documents
// (winlog.event_data), flat rows (NXLog, Sentinel's SecurityEvent), EvtxECmd
// (Payload holds EventData as text), System and EventData side by side
// (Velociraptor), and the same under Event (evtx_dump, Chainsaw, Hayabusa).
func windowsJSON(r *docRow, v val, ev *signin.Event) (string, error) {
	w := &winEvent{}
	var id, at val
	switch {
	case v.at("winlog").kind() == '{':
		b := v.at("winlog")
		id, at = firstOf(b.at("event_id"), v.dot("event.code")), firstOf(b.at("time_created"), v.at("@timestamp"))
		w.channel, w.computer, w.record = b.at("channel").text(), b.at("computer_name").text(), b.at("record_id").text()
		w.data(b.at("event_data"))
	case v.at("Event").kind() == '{':
		id, at = w.system(v.at("Event", "System"))
		w.data(v.at("Event", "EventData"))
	case v.at("System").kind() == '{':
		id, at = w.system(v.at("System"))
		w.data(v.at("EventData"))
	case v.at("Payload").kind() != 0 && v.at("EventId").kind() != 0:
		id, at = v.at("EventId"), v.at("TimeCreated")
		w.channel, w.computer, w.record = v.at("Channel").text(), v.at("Computer").text(), firstOf(v.at("EventRecordId"), v.at("RecordNumber")).text()
		payload := v.at("Payload").within(&r.sc.inner)
		if payload.kind() == 0 && v.at("Payload").said() != "" {
			return "", errPayload
		}
		w.data(payload.at("EventData"))
	default:
		id = firstOf(v.at("EventID"), v.at("EventId"))
		w.channel, w.computer = v.at("Channel").text(), v.first("Computer", "Hostname", "host.name")
		w.record = v.first("RecordNumber", "EventRecordID", "EventRecordId", "RecordID")
		w.data(v)
		return r.windowsFlat(w, id, v, ev)
	}
	if err := w.begin(id); err != nil {
		return "", err
	}
	var err error
	if w.time, err = r.winTime(at); err != nil {
		return "", err
	}
	return r.windowsEvent(w, ev)
}

func firstOf(vs ...val) val {
	for _, v := range vs {
		if v.said() != "" {
			return v
		}
	}
	return val{}
}

func (w *winEvent) begin(id val) error {
	text := id.text()
	if text == "" {
		return errNoEventID
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return fmt.Errorf("event id %q is not a number", clip([]byte(text), 40))
	}
	w.id = int(n) //nolint:gosec // 31 bits
	return nil
}

// system reads System, whose members are values, or objects with a value inside.
func (w *winEvent) system(s val) (id, at val) {
	w.channel, w.computer, w.record = inside(s.at("Channel")).text(), inside(s.at("Computer")).text(), inside(s.at("EventRecordID")).text()
	t := s.at("TimeCreated")
	return inside(s.at("EventID")), firstOf(t.at("SystemTime"), t.at("#attributes", "SystemTime"), t.at("@SystemTime"), t.at("_attributes", "SystemTime"), t)
}

// inside is the value of an element that converters write as an object.
func inside(v val) val {
	if v.kind() != '{' {
		return v
	}
	return firstOf(v.at("#text"), v.at("Value"), v.at("_text"), v.at("$t"))
}

// data collects EventData: an object of values, or a list of Data elements with
// Name and text.
func (w *winEvent) data(d val) {
	for name, v := range d.members() {
		if name == "Data" {
			w.dataList(v)
			continue
		}
		w.set(name, inside(v).text())
	}
}

func (w *winEvent) dataList(v val) {
	one := func(e val) {
		w.set(firstOf(e.at("@Name"), e.at("Name"), e.at("#attributes", "Name"), e.at("_attributes", "Name")).text(), inside(e).text())
	}
	if v.kind() == '{' {
		one(v)
	}
	for e := range v.elems() {
		one(e)
	}
}

// windowsFlat reads a row. NXLog's EventTime is the computer's wall time without
// a zone; @timestamp beside it is UTC, of when the shipper read the event. The
// zone of local times (--zone) settles it where it was given.
func (k *kit) windowsFlat(w *winEvent, id, v val, ev *signin.Event) (string, error) {
	if err := w.begin(id); err != nil {
		return "", err
	}
	var err error
	created, wall, stamp := firstOf(v.at("TimeCreated"), v.at("TimeCreatedUtc"), v.at("TimeGenerated"), v.at("TimeGenerated [UTC]")), v.at("EventTime"), v.at("@timestamp")
	switch {
	case created.said() != "":
		w.time, err = k.winTime(created)
	case wall.said() != "" && (stamp.said() == "" || k.f.opt.Zone != nil):
		w.time, err = k.localText(wall.text())
	case stamp.said() != "":
		k.t.note(noteEnvelopeTime)
		w.time, err = k.winTime(stamp)
	default:
		err = errNoEventTime
	}
	if err != nil {
		return "", err
	}
	return k.windowsEvent(w, ev)
}

// winTime reads a time that is text, or seconds since 1970 with a fraction.
func (k *kit) winTime(v val) (signin.Time, error) {
	switch v.kind() {
	case '0':
		return epoch(v.text(), "unix")
	case '"':
		return k.time(v.text())
	}
	return 0, errNoEventTime
}

var _ = register(Format{
	Name:     "windows-json",
	Doc:      "Windows Security events as JSON: winlogbeat, NXLog, EvtxECmd, Velociraptor, evtx_dump, Sentinel SecurityEvent; also .evtx files",
	Provider: "windows",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		switch {
		case s.has("winlog") && s.has("@timestamp"),
			s.has("Event") && bytes.Contains(s.head, []byte(`"System"`)) && bytes.Contains(s.head, []byte(`"EventID"`)),
			s.has("System", "EventData") || s.has("System") && bytes.Contains(s.head, []byte(`"EventRecordID"`)),
			s.has("EventId", "Payload", "Channel"),
			s.has("EventID") && s.hasAny("Computer", "Hostname") && s.hasAny("Channel", "SubjectUserName", "TargetUserName", "ProviderGuid"):
			return nil
		}
		return errors.New("no record is a Windows event (winlog.event_id, System and EventData, or EventID with Computer or Hostname)")
	},
	open: docRows(windowsJSON),
})
