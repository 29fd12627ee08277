package signin

// Truth is three-valued: the zero value is Unknown, so a fact nobody stated is
// never taken for false. The algebra is Kleene's strong logic.
type Truth uint8

// The three values.
const (
	Unknown Truth = iota
	False
	True
)

// TruthOf lifts a known boolean.
func TruthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// And is False when either side is False, True when both are True, else Unknown.
func (t Truth) And(u Truth) Truth {
	switch {
	case t == False || u == False:
		return False
	case t == True && u == True:
		return True
	}
	return Unknown
}

// Or is True when either side is True, False when both are False, else Unknown.
func (t Truth) Or(u Truth) Truth {
	switch {
	case t == True || u == True:
		return True
	case t == False && u == False:
		return False
	}
	return Unknown
}

// Not swaps True and False and keeps Unknown.
func (t Truth) Not() Truth {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return Unknown
}

// String is "unknown", "false" or "true".
func (t Truth) String() string { return [...]string{"unknown", "false", "true"}[t] }

// Text is the stored form: "" for Unknown, else "true" or "false".
func (t Truth) Text() string { return [...]string{"", "false", "true"}[t] }

// ParseTruth reads Text and the spellings logs use (any case of true, false,
// yes, no, 1, 0); anything else is Unknown.
func ParseTruth(s string) Truth {
	switch s {
	case "true", "True", "TRUE", "yes", "Yes", "1":
		return True
	case "false", "False", "FALSE", "no", "No", "0":
		return False
	}
	return Unknown
}
