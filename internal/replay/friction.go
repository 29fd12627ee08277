package replay

// Constant is a number the friction figures rest on, with the range we hold
// plausible. Cited says that Origin is a source; otherwise it says why we assume it.
type Constant struct {
	Name  string  `json:"name"`
	Doc   string  `json:"doc"`
	Unit  string  `json:"unit"`
	Low   float64 `json:"low"`
	Mid   float64 `json:"mid"`
	High  float64 `json:"high"`
	Cited bool    `json:"cited"`

	Origin string `json:"origin"`
}

// The names of the constants.
const (
	SecondsPrompt   = "friction.prompt"
	SecondsFactor   = "friction.factor"
	SecondsRetry    = "friction.retry"
	SecondsBlock    = "friction.block"
	SecondsUser     = "friction.request_user"
	SecondsApprover = "friction.request_approver"
	SecondsResume   = "friction.resume"
	ShareFailed     = "friction.failed_share"
)

// constants are the defaults (reference, detection 4.3), by name.
var constants = []Constant{
	{
		SecondsBlock, "one block: notice, try again, find another way or somebody to ask", "seconds", 60, 300, 1800, false,
		"assumption: from a second try to half an hour with the help desk",
	},
	{
		SecondsFactor, "each further factor of one prompt, for example the password before the push", "seconds", 3, 6, 12, false,
		"assumption: typing a password, with and without a password manager",
	},
	{
		ShareFailed, "share of prompts in which a factor fails and is given again; for replayed prompts, whose failures no log shows", "of prompts", 0.0435, 0.0435, 0.05, true,
		"low, mid: DuoLungo, NDSS 2026, arXiv 2602.01489 (4.35 % of Duo pushes incomplete); high: Reynolds et al., USENIX Security 2020 (more than 1 in 20)",
	},
	{
		SecondsPrompt, "one prompt: one factor asked for and given", "seconds", 5, 8, 20, true,
		"mid: DuoLungo, NDSS 2026, arXiv 2602.01489 (a Duo push takes about 8 s longer); low, high: assumption, a touch of a key to a typed code",
	},
	{SecondsApprover, "one exception request, the approver's time", "seconds", 60, 180, 600, false, "assumption: read, ask back, decide"},
	{SecondsUser, "one exception request, the requester's time", "seconds", 120, 300, 900, false, "assumption: find the form, write a justification, wait not counted"},
	{
		SecondsResume, "getting back to work after a broken session", "seconds", 0, 0, 0, false,
		"assumption: no primary source has a figure, so nothing is counted unless you set one",
	},
	{SecondsRetry, "one failed factor", "seconds", 8, 15, 30, false, "assumption: the wait for a time-out and one more try"},
}

// Constants lists the defaults by name. The slice is the caller's.
func Constants() []Constant { return append([]Constant(nil), constants...) }

// Seconds is a span of friction at the low, middle and high value of every constant.
type Seconds struct {
	Low  float64 `json:"low"`
	Mid  float64 `json:"mid"`
	High float64 `json:"high"`
}

// Friction is what legitimate people went through, for Cost.
type Friction struct {
	Prompts, Entries, Failed, Blocks, Broken, Requests float64
	// Guess adds the failures that ShareFailed expects of Prompts to Failed.
	Guess bool
}

// Cost turns friction into seconds with the given constants; one that is not
// among them counts as its default.
//
//	prompts·s + further factors·s + failed factors·s + blocks·s + broken·s + requests·(user + approver)
//
// following the definition in reference, detection 4.3.
func Cost(f Friction, cs []Constant) Seconds {
	at := func(pick func(*Constant) float64) float64 {
		v := func(name string) float64 {
			for i := range cs {
				if cs[i].Name == name {
					return pick(&cs[i])
				}
			}
			for i := range constants {
				if constants[i].Name == name {
					return pick(&constants[i])
				}
			}
			return 0
		}
		failed := f.Failed
		if f.Guess {
			failed += f.Prompts * v(ShareFailed)
		}
		return f.Prompts*v(SecondsPrompt) + max(0, f.Entries-f.Prompts)*v(SecondsFactor) + failed*v(SecondsRetry) +
			f.Blocks*v(SecondsBlock) + f.Broken*v(SecondsResume) + f.Requests*(v(SecondsUser)+v(SecondsApprover))
	}
	return Seconds{
		Low:  at(func(c *Constant) float64 { return c.Low }),
		Mid:  at(func(c *Constant) float64 { return c.Mid }),
		High: at(func(c *Constant) float64 { return c.High }),
	}
}
