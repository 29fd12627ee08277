//go:build unix

package dataset

import "os"

// syncDir makes a rename in dir durable.
func syncDir(dir string) error {
	f, err := os.Open(dir) //nolint:gosec // inside the dataset folder
	if err != nil {
		return err
	}
	return closeSynced(f, nil)
}
