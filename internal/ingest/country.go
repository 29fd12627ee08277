package ingest

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countryCode gives the ISO 3166-1 alpha-2 code of a code or an English name,
// "" when it is neither. Names are those of the Unicode CLDR, and the spellings
// below that geolocation databases use instead.
func countryCode(s string) string {
	s = strings.TrimSpace(s)
	if len(s) == 2 && isLetter(s[0]) && isLetter(s[1]) {
		return strings.ToUpper(s)
	}
	if s == "" {
		return ""
	}
	return countryNames()[fold(s)]
}

func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }

var countryNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	english := display.English.Regions()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() || r.String() != code || r.Canonicalize() != r { // withdrawn codes keep their names
				continue
			}
			if n := fold(english.Name(r)); n != "" && n != fold(code) {
				names[n] = code
			}
		}
	}
	for name, code := range countryAliases {
		names[fold(name)] = code
	}
	return names
})

var countryAliases = map[string]string{
	"Bolivia, Plurinational State of": "BO", "Brunei Darussalam": "BN", "Burma": "MM", "Myanmar": "MM", "Cape Verde": "CV",
	"Congo": "CG", "Cote d'Ivoire": "CI", "Ivory Coast": "CI", "Czech Republic": "CZ", "Czechia": "CZ",
	"Democratic Republic of the Congo": "CD", "Hong Kong": "HK", "Iran, Islamic Republic of": "IR",
	"Korea, Republic of": "KR", "Republic of Korea": "KR", "South Korea": "KR", "Korea": "KR",
	"Lao People's Democratic Republic": "LA", "Macao": "MO", "Macau": "MO", "Macedonia": "MK", "North Macedonia": "MK",
	"Moldova, Republic of": "MD", "Republic of Moldova": "MD", "Palestine": "PS", "Palestinian Territory": "PS",
	"Republic of Lithuania": "LT", "Republic of the Congo": "CG", "Russian Federation": "RU", "Russia": "RU",
	"Swaziland": "SZ", "Syrian Arab Republic": "SY", "Taiwan, Province of China": "TW", "Tanzania, United Republic of": "TZ",
	"The Netherlands": "NL", "Turkey": "TR", "Türkiye": "TR", "United States of America": "US", "USA": "US", "UK": "GB",
	"Great Britain": "GB", "Venezuela, Bolivarian Republic of": "VE", "Viet Nam": "VN", "Vietnam": "VN",
}
