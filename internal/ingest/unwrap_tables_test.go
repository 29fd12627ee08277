package ingest

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// TestQueryTables: the answer of the Log Analytics query API reads as the rows
// it holds, whatever stands around them.
func TestQueryTables(t *testing.T) {
	answer := `{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"CreatedDateTime","type":"datetime"},{"name":"UserId","type":"string"},{"name":"UserPrincipalName","type":"string"},{"name":"ResultType","type":"string"},{"name":"DeviceDetail","type":"dynamic"},{"name":"Id","type":"string"},{"name":"AADTenantId","type":"string"},{"name":"Type","type":"string"}],
"rows":[["2026-03-02T08:05:00Z","2026-03-02T08:00:00Z","33333333-0001-4333-8333-333333333333","ada@example.com","0","{\"deviceId\":\"\",\"operatingSystem\":\"Windows10\"}","22222222-0001-4222-8222-222222222222","55555555-5555-4555-8555-555555555555","SigninLogs"],
["2026-03-02T08:06:00Z","2026-03-02T08:01:00Z",null,"ada@example.com",50126,{"deviceId":
"x"},"22222222-0002-4222-8222-222222222222","55555555-5555-4555-8555-555555555555","SigninLogs"]]}],"statistics":{"x":1}}`
	got := result(t, "query.json", []byte(answer), Options{Workers: 2})
	for _, want := range []string{
		`{"time":"2026-03-02T08:00:00Z","id":"22222222-0001-4222-8222-222222222222","stream":"interactive","outcome":"success"`,
		`{"time":"2026-03-02T08:01:00Z","id":"22222222-0002-4222-8222-222222222222","stream":"interactive","outcome":"failure","reason":"bad_password"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "raw_line"); n != 2 || strings.Contains(got, "bad:") || strings.Contains(got, "error:") {
		t.Errorf("%d events:\n%s", n, got)
	}
}

func TestTablesReader(t *testing.T) {
	for name, test := range map[string]struct{ in, want, err string }{
		"empty":         {`{"tables":[]}`, "", ""},
		"no rows":       {`{"tables":[{"name":"PrimaryResult","columns":[{"name":"a"}],"rows":[]}]}`, "", ""},
		"kusto v1":      {`{"Tables":[{"TableName":"Table_0","Columns":[{"ColumnName":"a","DataType":"String"}],"Rows":[["x"]]},{"TableName":"Table_1","Columns":[{"ColumnName":"b"}],"Rows":[["no record"]]}]}`, `{"a":"x"}` + "\n", ""},
		"further":       {`{"tables":[{"name":"PrimaryResult","columns":[{"name":"a"}],"rows":[[1]]},{"name":"$statistics","columns":[],"rows":[["x"]]},{"name":"PrimaryResult","columns":[{"name":"b"}],"rows":[[2]]}]}`, "{\"a\":1}\n{\"b\":2}\n", ""},
		"quotes":        {`{"tables":[{"columns":[{"name":"a\"\n"}],"rows":[["\"\u000a"],[null],[[1,2]],[{"x":{}}]]}]}`, "{\"a\\\"\\n\":\"\\\"\\u000a\"}\n{\"a\\\"\\n\":null}\n{\"a\\\"\\n\":[1,2]}\n{\"a\\\"\\n\":{\"x\":{}}}\n", ""},
		"few cells":     {`{"tables":[{"columns":[{"name":"a"},{"name":"b"}],"rows":[[1],[]]}]}`, "{\"a\":1}\n{}\n", ""},
		"many cells":    {`{"tables":[{"columns":[{"name":"a"}],"rows":[[1],[1,2]]}]}`, "{\"a\":1}\n", "more than 1 cells"},
		"rows first":    {`{"tables":[{"rows":[[1]],"columns":[{"name":"a"}]}]}`, "", "rows stand before the columns"},
		"cut in a row":  {`{"tables":[{"columns":[{"name":"a"}],"rows":[[1],["x`, "{\"a\":1}\n", "unexpected EOF"},
		"cut after row": {`{"tables":[{"columns":[{"name":"a"}],"rows":[[1]`, "{\"a\":1}\n", "unexpected EOF"},
		"not a list":    {`{"tables":[{"columns":[{"name":"a"}],"rows":[1]}]}`, "", "where [ is expected"},
		"bad bytes":     {"{\"tables\":[{\"columns\":[{\"name\":\"a\"}],\"rows\":[[\"\xff\"]]}]}", "", "invalid UTF-8"},
		"long row":      {`{"tables":[{"columns":[{"name":"a"}],"rows":[["` + strings.Repeat("x", 200_000) + `"]]}]}`, "", "longer than the limit"},
	} {
		if !tablesHead.MatchString(test.in) {
			t.Errorf("%s: not recognised", name)
		}
		out, err := io.ReadAll(newTablesReader(iotest.HalfReader(strings.NewReader(test.in)), 1000))
		if diff := cmp.Diff(test.want, string(out)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: error %v, want %q", name, err, test.err)
		}
	}
	for _, no := range []string{`{"tables":{}}`, `{"value":[]}`, `[{"tables":[]}]`, `tables`} {
		if tablesHead.MatchString(no) {
			t.Errorf("%s: recognised", no)
		}
	}
}

// FuzzTables: any answer gives whole lines of JSON or an error.
func FuzzTables(f *testing.F) {
	f.Add(`{"tables":[{"name":"PrimaryResult","columns":[{"name":"a"},{"name":"b"}],"rows":[[1,"x"],[null,{}]]}]}`)
	f.Add(`{"Tables":[{"Columns":[{"ColumnName":"a"}],"Rows":[[]]}]}`)
	f.Fuzz(func(t *testing.T, in string) {
		out, _ := io.ReadAll(newTablesReader(strings.NewReader(in), 1<<16))
		sc := newScratch()
		for l := range strings.Lines(string(out)) {
			if !strings.HasSuffix(l, "\n") {
				t.Fatalf("half a line %q", l)
			}
			if _, err := sc.doc.parseObject(&sc.scan, []byte(strings.TrimSpace(l)), false); err != nil {
				t.Fatalf("%q: %v", l, err)
			}
		}
	})
}
