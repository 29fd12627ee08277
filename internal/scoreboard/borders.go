package scoreboard

import "slices"

// middles are rough middles of the countries of the worlds, in degrees: facts of
// common knowledge, for rules that know the country only.
var middles = map[string][2]float64{
	"US": {39, -98}, "CA": {56, -106}, "MX": {23, -102}, "GB": {54, -2}, "IE": {53, -8}, "FR": {46, 2}, "BE": {50.8, 4.5}, "NL": {52.2, 5.3},
	"DE": {51, 10}, "CH": {46.8, 8.2}, "AT": {47.6, 14.1}, "IT": {42.8, 12.6}, "ES": {40, -4}, "PT": {39.5, -8}, "PL": {52, 19}, "CZ": {49.8, 15.5},
	"SE": {62, 15}, "DK": {56, 10}, "NO": {62, 10}, "FI": {64, 26}, "RO": {46, 25}, "BG": {43, 25}, "UA": {49, 32}, "RU": {60, 90}, "TR": {39, 35},
	"IL": {31.5, 34.8}, "AE": {24, 54}, "IN": {22, 79}, "SG": {1.35, 103.8}, "HK": {22.3, 114.2}, "JP": {36, 138}, "KR": {36.5, 128}, "VN": {16, 107},
	"ID": {-2, 118}, "AU": {-25, 134}, "NZ": {-41, 174}, "FJ": {-18, 178}, "BR": {-10, -55}, "AR": {-34, -64}, "CO": {4, -73}, "NG": {9, 8},
	"KE": {0.5, 38}, "ZA": {-29, 24}, "EG": {27, 30},
}

// borders are the land borders (and the Channel tunnel) between them.
var borders = [][2]string{
	{"US", "CA"},
	{"US", "MX"},
	{"GB", "IE"},
	{"GB", "FR"},
	{"FR", "BE"},
	{"FR", "DE"},
	{"FR", "CH"},
	{"FR", "IT"},
	{"FR", "ES"},
	{"BE", "NL"},
	{"BE", "DE"},
	{"NL", "DE"},
	{"DE", "CH"},
	{"DE", "AT"},
	{"DE", "PL"},
	{"DE", "CZ"},
	{"DE", "DK"},
	{"CH", "AT"},
	{"CH", "IT"},
	{"AT", "IT"},
	{"AT", "CZ"},
	{"ES", "PT"},
	{"PL", "CZ"},
	{"PL", "UA"},
	{"SE", "NO"},
	{"SE", "DK"},
	{"SE", "FI"},
	{"NO", "FI"},
	{"RO", "BG"},
	{"RO", "UA"},
	{"RU", "UA"},
	{"RU", "FI"},
	{"RU", "NO"},
	{"RU", "PL"},
	{"TR", "BG"},
	{"IL", "EG"},
	{"BR", "AR"},
	{"BR", "CO"},
}

func bordering(a, b string) bool {
	return slices.Contains(borders, [2]string{a, b}) || slices.Contains(borders, [2]string{b, a})
}
