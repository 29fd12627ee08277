package report

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// dash joins the ends of a range.
const dash = "–"

// unknownText is what people read where nothing is known.
const unknownText = "unknown"

// decimals is how many decimals show about two significant digits of v.
func decimals(v float64) int {
	switch v = math.Abs(v); {
	case v == 0 || v >= 9.95:
		return 0
	case v >= 0.0995:
		return 1
	case v >= 0.00995:
		return 2
	}
	return 3
}

func fixed(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	whole, frac, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		whole += "." + frac
	}
	return sign + whole
}

// formatRange writes r in unit u, for people. Both ends get the same precision;
// ends that read the same are written once. A positive figure too small for its
// precision is never written as 0.
func formatRange(r Range, u Unit) string {
	if !r.Known {
		return unknownText
	}
	scale, suffix := 1.0, ""
	switch u {
	case UnitPercent:
		scale = 100
	case UnitSeconds:
		scale, suffix = secondsScale(r.High)
	}
	low, high := r.Low*scale, r.High*scale
	if u == UnitPlain {
		return plainNumber(low, high)
	}
	digits := decimals(max(math.Abs(low), math.Abs(high)))
	if u == UnitCount && low == math.Trunc(low) && high == math.Trunc(high) {
		digits = 0
	}
	if u == UnitPercent {
		return formatPercent(low, high, digits)
	}
	a, b := fixed(low, digits), fixed(high, digits)
	if low == 0 {
		a = "0"
	}
	if a == b {
		if low > 0 && strings.Trim(a, "0.") == "" {
			return "<" + strconv.FormatFloat(math.Pow10(-digits), 'f', digits, 64) + suffix
		}
		return a + suffix
	}
	if low < 0 {
		return a + " to " + signed(b, high) + suffix
	}
	return a + dash + b + suffix
}

// formatPercent writes percentages so that almost all never reads as all, nor
// almost none as none.
func formatPercent(low, high float64, digits int) string {
	if digits == 0 && (high < 100 && high >= 90 || low != high && high-low < 2) {
		digits = 1
	}
	show := func(v float64) string {
		s := fixed(v, digits)
		switch {
		case v < 100 && strings.HasPrefix(s, "100"):
			return ">99.9"
		case v > 0 && strings.Trim(s, "0.") == "":
			return "<" + strconv.FormatFloat(math.Pow10(-digits), 'f', digits, 64)
		}
		return s
	}
	a, b := show(low), show(high)
	if cut, ok := strings.CutSuffix(a, ".0"); ok && strings.HasSuffix(b, ".0") {
		a, b = cut, strings.TrimSuffix(b, ".0")
	}
	if a == b {
		return a + "%"
	}
	return a + dash + b + "%"
}

// plainNumber shows numbers as they are, to four decimals, without separators.
func plainNumber(low, high float64) string {
	show := func(v float64) string {
		return strconv.FormatFloat(math.Round(v*1e4)/1e4, 'f', -1, 64)
	}
	if low == high {
		return show(low)
	}
	return show(low) + dash + show(high)
}

func signed(s string, v float64) string {
	if v > 0 {
		return "+" + s
	}
	return s
}

func secondsScale(high float64) (float64, string) {
	switch {
	case high >= 2*3600:
		return 1.0 / 3600, " h"
	case high >= 120:
		return 1.0 / 60, " min"
	}
	return 1, " s"
}

// formatValue writes a table value in the unit of its column, for people.
func formatValue(v Value, u Unit) string {
	if v.IsNum && (v.Num.Known || v.Text == "") {
		return formatRange(v.Num, u)
	}
	return v.Text
}

// num, pct and whole are the short forms sentences use.
func num(r Range) string     { return formatRange(r, UnitNumber) }
func pct(r Range) string     { return formatRange(r, UnitPercent) }
func whole(n float64) string { return formatRange(Exact(math.Round(n)), UnitCount) }

// wholeOf is "1 sign-in", "2,310 sign-ins": n rounded, with its noun.
func wholeOf(n float64, one, many string) string {
	if math.Round(n) == 1 {
		return "1 " + one
	}
	return whole(n) + " " + many
}

// upperFirst starts a sentence.
func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// plural is "1 person", "2 people".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fixed(float64(n), 0) + " " + many
}

// clip shortens a name for a sentence, so that a log cannot drown the answer.
func clip(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	r := []rune(s)
	return string(r[:limit-1]) + "…"
}

// quote names something in a sentence.
func quote(s string) string { return "‘" + clip(s, 60) + "’" }

// factLabel turns a snake-case name with a unit suffix into words:
// lower_bound_km becomes "lower bound (km)"; within_7_days stays a phrase.
func factLabel(name string) string {
	words := strings.Split(name, "_")
	if n := len(words); n > 1 && factUnits[words[n-1]] != "" && !allDigits(words[n-2]) {
		return strings.Join(words[:n-1], " ") + " (" + factUnits[words[n-1]] + ")"
	}
	return strings.Join(words, " ")
}

var factUnits = map[string]string{
	"km": "km", "kmh": "km/h", "min": "min", "h": "h", "s": "s", "days": "days", "pct": "%", "bits": "bits",
}
