package analysis

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

//go:embed template.yaml
var configTemplate []byte

// WriteConfigTemplate writes a commented frisk.yaml. An existing file is left
// alone and is an error.
func WriteConfigTemplate(file string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the user named it
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("write config %q: the file exists", file)
	}
	if err != nil {
		return fmt.Errorf("write config: %w", err)
	}
	_, err = f.Write(configTemplate)
	return closeAll(err, f)
}
