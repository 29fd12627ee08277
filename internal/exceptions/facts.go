package exceptions

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// facts collects evidence in the order it is to be shown.
type facts []risk.Fact

// text adds a fact unless it is empty: nothing says so.
func (f *facts) text(name, v string) *facts {
	if v != "" {
		*f = append(*f, risk.Fact{Name: name, Text: v})
	}
	return f
}

// at adds an instant unless it is 0.
func (f *facts) at(name string, t signin.Time) *facts {
	if t != 0 {
		f.text(name, t.String())
	}
	return f
}

// num adds a number rounded to a tenth.
func (f *facts) num(name string, v float64) *facts { return f.rounded(name, v, 10) }

// share adds a number rounded to a thousandth.
func (f *facts) share(name string, v float64) *facts { return f.rounded(name, v, 1000) }

func (f *facts) rounded(name string, v, to float64) *facts {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return f
	}
	*f = append(*f, risk.Fact{Name: name, Num: math.Round(v*to) / to, IsNum: true})
	return f
}

// p adds a probability to two digits, as text: rounding makes it 0.
func (f *facts) p(name string, v float64) *facts { return f.text(name, probability(v)) }

func probability(v float64) string {
	switch {
	case v >= 0.001:
		return strconv.FormatFloat(v, 'g', 2, 64)
	case v < 1e-12:
		return "below 1e-12"
	}
	return fmt.Sprintf("%.1e", v)
}

// days is a length of time in days.
func days(t signin.Time) float64 { return float64(t) / float64(signin.Day) }

func span(n float64) signin.Time { return signin.Time(n * float64(signin.Day)) }

// count is "1 request" or "3 requests".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if s, ok := strings.CutSuffix(what, "person"); ok {
		return strconv.Itoa(n) + " " + s + "people"
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// about is a number for a sentence: whole where it is large.
func about(v float64) string {
	if v >= 10 || v == math.Trunc(v) {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

// percent is a share for a sentence.
func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 0, 64) + " %" }

// date is the day of an instant, UTC.
func date(t signin.Time) string { return t.Time().Format("2006-01-02") }
