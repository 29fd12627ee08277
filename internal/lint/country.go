package lint

import "strings"

var _ = register(Rule{
	Code: "bad-country", Level: Warning,
	Doc:    "A country of a named location is no two-letter country code: no sign-in comes from it, and Entra refuses the location.",
	Fix:    "write the two-letter code of ISO 3166-1, for example CH",
	Source: "Graph: countryNamedLocation (countriesAndRegions); ISO 3166-1 alpha-2, and XK",
	check: func(p *pass) {
		for _, l := range p.set.Locations {
			for i, c := range l.Countries {
				if strings.Contains(countryCodes, " "+c+" ") && len(c) == 2 {
					continue
				}
				n := note{path: item(".countriesAndRegions", i)}
				if means := notCodes[c]; means != "" {
					n.fix = "write " + means
				}
				p.location(l, n, "%q in named location %q is no country code", c, l.Name)
			}
		}
	},
})

// notCodes are texts that people take for country codes.
var notCodes = map[string]string{"UK": "GB", "EL": "GR", "EN": "GB", "USA": "US", "EU": "the codes of its countries"}

const countryCodes = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD " +
	"CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF " +
	"GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN " +
	"KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA " +
	"NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI " +
	"SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI " +
	"VN VU WF WS YE YT ZA ZM ZW XK "
