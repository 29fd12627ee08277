package blobstore

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"strings"

	"gocloud.dev/gcerrors"
)

// secretVars are the environment variables whose values must not be shown, even
// where an SDK puts one into an error.
var secretVars = []string{
	"AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN", "AZURE_STORAGE_CONNECTION_STRING",
	"AZURE_STORAGEBLOB_CONNECTIONSTRING", "AZURE_CLIENT_SECRET",
	"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
}

// secretParams are parts of the names of URL parameters that carry a secret:
// Azure's SAS (sig), S3 and Google signed URLs, and what web servers use.
var secretParams = []string{"sig", "token", "key", "secret", "pass", "pwd", "auth", "cred", "code", "session"}

func secretParam(name string) bool {
	name = strings.ToLower(name)
	for _, s := range secretParams {
		if strings.Contains(name, s) {
			return true
		}
	}
	return false
}

// optionParams are the drivers' own options that look like secrets by name.
var optionParams = []string{"kmskeyid", "s3ForcePathStyle", "access_id"}

func secret(q url.Values) bool {
	for name := range q { // any of them will do
		ok := false
		for _, o := range optionParams {
			ok = ok || name == o
		}
		if !ok && secretParam(name) {
			return true
		}
	}
	return false
}

// plainValue is what a parameter's value may look like to be shown: a number, a
// date or a time.
var plainValue = regexp.MustCompile(`^[0-9TZ:.-]{1,20}$`)

// Redact is a URL that can be shown and stored: without user and password, and
// with the values of its parameters replaced by "…" unless they are plain
// numbers or dates. What is no URL is returned as it is.
func Redact(raw string) string {
	if !strings.Contains(raw, "://") {
		return raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		before, _, cut := strings.Cut(raw, "?")
		if before = redactText(before); cut {
			before += "?…"
		}
		return before
	}
	var name strings.Builder
	name.WriteString(u.Scheme + "://" + u.Host + u.EscapedPath())
	sep := "?"
	for part := range strings.FieldsFuncSeq(u.RawQuery, func(r rune) bool { return r == '&' }) {
		key, value, ok := strings.Cut(part, "=")
		name.WriteString(sep + key)
		sep = "&"
		switch {
		case !ok:
		case !secretParam(key) && plainValue.MatchString(value):
			name.WriteString("=" + value)
		default:
			name.WriteString("=…")
		}
	}
	return name.String()
}

// urlInText finds URLs inside an error's text.
var urlInText = regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*://)([^\s"'/?#@]*@)?([^\s"'?]*)(\?[^\s"']*)?`)

// redactText takes the secrets out of a text that may hold URLs.
func redactText(text string) string {
	text = urlInText.ReplaceAllStringFunc(text, func(m string) string {
		p := urlInText.FindStringSubmatch(m)
		if p[4] != "" {
			p[4] = "?…"
		}
		return p[1] + p[3] + p[4]
	})
	for _, name := range secretVars {
		if v := strings.TrimSpace(os.Getenv(name)); len(v) >= 6 {
			text = strings.ReplaceAll(text, v, "…")
		}
	}
	return text
}

// scrubbed is an error whose text shows no secret; its cause may.
type scrubbed struct {
	text  string
	cause error
}

func (e *scrubbed) Error() string { return e.text }

// Is lets a caller ask for fs.ErrNotExist whatever the store.
func (e *scrubbed) Is(target error) bool {
	return target == fs.ErrNotExist && gcerrors.Code(e.cause) == gcerrors.NotFound
}

// Unwrap is the cause, to branch on, never to print.
func (e *scrubbed) Unwrap() error { return e.cause }

// scrub makes an error safe to show; nil stays nil. What an SDK writes over
// several lines becomes one.
func scrub(err error) error {
	if err == nil {
		return nil
	}
	if s := (*scrubbed)(nil); errors.As(err, &s) && s == err { //nolint:errorlint // this very error
		return err
	}
	text := redactText(err.Error())
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	kept := lines[:0]
	for _, l := range lines {
		// Rules between parts and bodies in XML say nothing that the rest does not.
		if l = strings.TrimSpace(l); strings.Trim(l, "-") != "" && !strings.HasPrefix(l, "<") {
			kept = append(kept, l)
		}
	}
	return &scrubbed{text: strings.Join(kept, "; "), cause: err}
}
