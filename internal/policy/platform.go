package policy

// PlatformOf names the Conditional Access platform (android, ios, windows,
// windowsphone, macos, linux) that an operating system text or a user agent speaks
// of, "" when it names none of them.
func PlatformOf(text string) string { return platformOf(text) }
