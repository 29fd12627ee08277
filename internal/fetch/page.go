package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// page is what has to be known of a page; its bytes are kept as they are.
type page struct {
	data []byte
	next string
	rows int64
}

// jsonOptions read what Graph writes: its own examples repeat properties.
var jsonOptions = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

var errNoValue = errors.New(`want an object with "value", the rows`)

// parsePage checks that a body is one whole JSON object and takes nextLink and
// the number of rows from it. single wants an object, anything else a page.
func parsePage(data []byte, single bool) (*page, error) {
	p := &page{data: data}
	dec := jsontext.NewDecoder(bytes.NewReader(data), jsonOptions...)
	if k := dec.PeekKind(); k != '{' {
		if _, err := dec.ReadToken(); err != nil {
			return nil, whole(err)
		}
		return nil, errNoValue
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, whole(err)
	}
	value := false
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, whole(err)
		}
		switch key := name.String(); {
		case key == "value" && dec.PeekKind() == '[' && !single:
			value = true
			if p.rows, err = countRows(dec); err != nil {
				return nil, whole(err)
			}
		case key == "@odata.nextLink" && dec.PeekKind() == '"' && !single:
			t, err := dec.ReadToken()
			if err != nil {
				return nil, whole(err)
			}
			p.next = t.String()
		default:
			if err := dec.SkipValue(); err != nil {
				return nil, whole(err)
			}
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, whole(err)
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON object")
	}
	if single {
		p.rows = 1
	} else if !value {
		return nil, errNoValue
	}
	return p, nil
}

func countRows(dec *jsontext.Decoder) (int64, error) {
	if _, err := dec.ReadToken(); err != nil {
		return 0, err
	}
	n := int64(0)
	for dec.PeekKind() != ']' {
		if err := dec.SkipValue(); err != nil {
			return n, err
		}
		n++
	}
	_, err := dec.ReadToken()
	return n, err
}

// whole says that a body ended too early in words that people know.
func whole(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("the page is cut off")
	}
	return fmt.Errorf("the page is not JSON: %w", err)
}

// errorBody takes code and message from an error answer; both "" when it is not
// in Graph's form.
func errorBody(data []byte) (code, message string) {
	var body struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if err := json.Unmarshal(data, &body, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		return "", ""
	}
	return body.Error.Code, body.Error.Message
}
