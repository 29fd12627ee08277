//go:build windows

package dataset

// syncDir does nothing: Windows has no sync of a folder.
func syncDir(string) error { return nil }
