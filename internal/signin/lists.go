package signin

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// List is a list field as canonical JSON text. "" means the log did not say,
// "[]" that it said there were none. Keeping the text makes Event comparable,
// makes equal lists equal strings (one dictionary code on disk), and lets the
// reader of a column parse each distinct list once.
type List string

// RecordedPolicy is one recorded Conditional Access evaluation (Graph
// appliedConditionalAccessPolicy).
type RecordedPolicy struct {
	ID      string   `json:"id"`
	Name    string   `json:"name,omitempty"`
	Result  string   `json:"result"`            // Graph spelling: success, failure, notApplied, reportOnlyFailure, ...
	Grant   []string `json:"grant,omitempty"`   // labels as logged; present even when not applied
	Session []string `json:"session,omitempty"` // labels as logged
	// Satisfied and NotSatisfied are the condition bit masks of Azure Monitor, or
	// the same bits read from Graph's texts; -1 when the log does not carry them.
	Satisfied    int64    `json:"satisfied"`
	NotSatisfied int64    `json:"notSatisfied"`
	Include      []string `json:"include,omitempty"` // includeRulesSatisfied: "condition:rule"
	Exclude      []string `json:"exclude,omitempty"` // excludeRulesSatisfied
}

// Factor is one authentication step (Graph authenticationDetail).
type Factor struct {
	Method      string `json:"method,omitempty"` // "Previously satisfied" is not a method but is kept
	Detail      string `json:"detail,omitempty"`
	Succeeded   string `json:"succeeded,omitempty"` // "true", "false" or absent
	Result      string `json:"result,omitempty"`    // authenticationStepResultDetail
	Requirement string `json:"requirement,omitempty"`
}

// Entry reports whether the step is a factor entry: a real method that the
// person used now. Microsoft's Authentication Prompts Analysis workbook counts
// rows whose method is neither empty nor "Previously satisfied".
func (f Factor) Entry() bool {
	return f.Method != "" && f.Method != "Previously satisfied"
}

// NamedLocation is one recorded network match (Graph networkLocationDetail).
type NamedLocation struct {
	Type  string   `json:"type"` // namedNetwork, trustedNamedLocation, trusted, intranet, extranet
	Names []string `json:"names,omitempty"`
}

// EncodeList gives the canonical text of v. A nil slice gives "" (not said), an
// empty non-nil one "[]". Texts are not HTML-escaped; object keys follow the
// struct's field order.
func EncodeList[T any](v []T) List {
	if v == nil {
		return ""
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil { // only strings, numbers and structs of them reach here
		panic("signin: encode list: " + err.Error())
	}
	return List(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// DecodeList parses a List. "" gives nil. Text that is not a JSON array of T is
// an error, which for data written by EncodeList means a corrupt dataset.
func DecodeList[T any](l List) ([]T, error) {
	if l == "" {
		return nil, nil
	}
	var v []T
	if err := json.Unmarshal([]byte(l), &v); err != nil {
		return nil, fmt.Errorf("decode list %q: %w", truncate(string(l), 60), err)
	}
	return v, nil
}

func truncate(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "…"
}
