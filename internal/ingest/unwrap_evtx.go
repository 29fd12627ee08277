package ingest

import (
	"bytes"
	"io"

	"frisk/internal/ingest/evtxjson"
)

// Windows event log files are read event by event as JSON.
var _ = registerUnwrapper(unwrapper{
	name:  "evtx",
	match: func(head []byte) bool { return bytes.HasPrefix(head, []byte(evtxjson.Magic)) },
	open: func(in *wrapped, _ *Options) (io.ReadCloser, error) {
		return evtxjson.Open(in)
	},
})
