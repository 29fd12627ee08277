package policy

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// platforms: the device platform. Entra takes it from the user agent, unverified;
// the operating system text of the row is its reading of it, so that comes
// first. What is none of the six named platforms matches only "all" (reference
// 1.6, Entra "conditions").
var _ = register(Condition{
	Name:       "platforms",
	Doc:        "the device platform, from the row's operating system, else its user agent; an unlisted platform matches only all",
	Unknown:    "a row with neither operating system nor user agent",
	Bit:        BitPlatform,
	Dims:       []signin.Dim{signin.DimOS, signin.DimUserAgent},
	stage:      2,
	configured: func(p *plan) bool { return p.Platforms != nil },
	dim:        byPlatform,
	test:       testPlatforms,
})

// platform is the row's platform in Graph's words, lower case, "" for one
// Conditional Access has no name for; known is false when the row says nothing.
func (x *sight) platform() (name string, known bool) {
	p := x.ev.platform(x.r)
	return p.name(), p != platformUnsaid
}

// platformID is a platform by number: not looked at, not said, none of the named
// ones, or one more than two plus its index in platformNames.
type platformID uint8

const (
	platformUnseen platformID = iota
	platformUnsaid
	platformNone
	platformFirst
)

// Platforms that controls ask about, in the order of platformNames.
const (
	platformAndroid = platformFirst + iota
	platformIOS
	platformWindows
)

var platformNames = []string{"android", "ios", "windows", "windowsphone", "macos", "linux"}

func (p platformID) name() string {
	if p < platformFirst {
		return ""
	}
	return platformNames[p-platformFirst]
}

// platform reads the operating system, then the user agent: an operating system
// nobody knows may still be named there.
func (ev *Evaluator) platform(r *signin.Row) platformID {
	os := osPlatform(ev, r)
	if os >= platformFirst {
		return os
	}
	ua := platformAt(&ev.agents, r.C[signin.DimUserAgent], ev.sym[signin.DimUserAgent])
	if ua == platformUnsaid {
		return os
	}
	return ua
}

func osPlatform(ev *Evaluator, r *signin.Row) platformID {
	return platformAt(&ev.systems, r.C[signin.DimOS], ev.sym[signin.DimOS])
}

// platformAt is the platform of one text, remembered per code.
func platformAt(list *[]platformID, c signin.Code, texts *signin.Table) platformID {
	for int(c) >= len(*list) {
		*list = append(*list, platformUnseen)
	}
	p := &(*list)[c]
	if *p == platformUnseen {
		*p = platformNumber(texts.Text(c))
	}
	return *p
}

func platformNumber(text string) platformID {
	if text == "" {
		return platformUnsaid
	}
	i := slices.Index(platformNames, platformOf(text))
	return platformFirst + platformID(i) //nolint:gosec // -1 gives platformNone
}

// platformOf finds a platform in an operating system text or a user agent. The
// order matters: an Android agent contains "linux", a Windows Phone one "android".
func platformOf(text string) string {
	t := strings.ToLower(text)
	switch {
	case strings.Contains(t, "windows phone") || strings.Contains(t, "windowsphone"):
		return "windowsphone"
	case strings.Contains(t, "cros"), strings.Contains(t, "chrome os"), strings.Contains(t, "chromeos"):
		return ""
	case strings.Contains(t, "windows"):
		return "windows"
	case strings.Contains(t, "android"):
		return "android"
	case strings.Contains(t, "iphone"), strings.Contains(t, "ipad"), strings.Contains(t, "ipod"),
		hasWord(t, "ios"), hasWord(t, "ipados"):
		return "ios"
	case strings.Contains(t, "mac os"), strings.Contains(t, "macos"), strings.Contains(t, "macintosh"), strings.Contains(t, "darwin"):
		return "macos"
	case strings.Contains(t, "linux"), strings.Contains(t, "ubuntu"):
		return "linux"
	}
	return ""
}

// hasWord reports whether w occurs in t and no letter comes before or after it,
// so that "iOS17" is iOS and "axios" is not.
func hasWord(t, w string) bool {
	for i := 0; ; {
		j := strings.Index(t[i:], w)
		if j < 0 {
			return false
		}
		start, end := i+j, i+j+len(w)
		if (start == 0 || !letter(t[start-1])) && (end == len(t) || !letter(t[end])) {
			return true
		}
		i = end
	}
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' }

func testPlatforms(x *sight, p *plan) signin.Truth {
	name, known := x.platform()
	has := func(list []string) signin.Truth {
		switch {
		case slices.Contains(list, "all"):
			return signin.True
		case len(list) == 0:
			return signin.False
		case !known:
			return signin.Unknown
		}
		return signin.TruthOf(name != "" && slices.Contains(list, name))
	}
	shown := name
	if !known {
		shown = "not said by the row"
	} else if name == "" {
		shown = "none of the named ones"
	}
	in, out := has(p.Platforms.Include), has(p.Platforms.Exclude)
	switch {
	case out == signin.True:
		return x.say(signin.False, "excluded: the platform is %s", shown)
	case in == signin.False:
		return x.say(signin.False, "not included: the platform is %s", shown)
	}
	return x.say(in.And(out.Not()), "the platform is %s", shown)
}
