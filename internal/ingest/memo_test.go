package ingest

import "testing"

// TestMemoKeysDiffer: a text that holds what could stand between two is not taken
// for two.
func TestMemoKeysDiffer(t *testing.T) {
	m := newMemo()
	if one, two := m.set([]string{"a\x00b"}), m.set([]string{"a", "b"}); one == two {
		t.Errorf("both lists are %s", one)
	}
}
