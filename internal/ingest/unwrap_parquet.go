package ingest

import (
	"bytes"
	"errors"
	"io"

	"frisk/internal/ingest/parquetjson"
)

// Parquet files that others wrote are read row by row as JSON.
var _ = registerUnwrapper(unwrapper{
	name:  "parquet",
	match: func(head []byte) bool { return bytes.HasPrefix(head, []byte(parquetjson.Magic)) },
	open: func(in *wrapped, _ *Options) (io.ReadCloser, error) {
		at, size, closer, err := in.readerAt()
		if err != nil {
			return nil, err
		}
		r, err := parquetjson.Open(at, size)
		if err != nil {
			return nil, errors.Join(err, closer())
		}
		return &spooled{r, closer}, nil
	},
})

// spooled closes a reader and the copy it reads.
type spooled struct {
	io.ReadCloser
	closer func() error
}

func (s *spooled) Close() error { return errors.Join(s.ReadCloser.Close(), s.closer()) }
