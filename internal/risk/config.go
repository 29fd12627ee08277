package risk

import (
	"fmt"
	"slices"
	"strings"
)

// Sensitivity chooses which tiers may suppress a travel finding, as Defender
// for Cloud Apps' slider does (defender-docs, anomaly-detection-policy: low =
// all three, medium = system and user, high = system only).
type Sensitivity uint8

// The sensitivities. Medium is the default.
const (
	SensitivityMedium Sensitivity = iota
	SensitivityLow
	SensitivityHigh
)

var sensitivityNames = []string{"medium", "low", "high"}

func (s Sensitivity) String() string { return sensitivityNames[s] }

// ParseSensitivity reads low, medium or high.
func ParseSensitivity(s string) (Sensitivity, error) {
	i := slices.Index(sensitivityNames, strings.ToLower(s))
	if i < 0 {
		return 0, fmt.Errorf("unknown sensitivity %q, want one of [\"high\" \"low\" \"medium\"]", s)
	}
	return Sensitivity(i), nil //nolint:gosec // 3 names
}

// Config is every threshold, as plain numbers with the unit in the name. What
// each one means, its default and where that comes from is in Knobs, which is
// also what fills Defaults; there is no second list. Start from Defaults: the
// zero Config is not usable, and NewAssessor takes it for Defaults.
type Config struct {
	Sensitivity Sensitivity

	TravelSpeedKmh, TravelBoardingMin, TravelBoardingKm, TravelMinKm               float64
	TravelSkewSec, TravelCrossSkewSec, TravelResolutionSec                         float64
	TravelCityKm, TravelRegionKm, TravelConfidence, TravelIncidentHours            float64
	TravelScore, TravelScoreNewDevice, TravelScoreOwnDevice, TravelScoreSameDevice float64
	FamiliarDays, FamiliarWindowDays, FamiliarQuarantineDays                       float64
	SprayUsers, SprayTries, SprayPerUser, SpraySpread, SprayMinMinutes             float64
	SprayManyUsers, SprayFailShare, SprayAfterHours, SourceTries                   float64
	BruteTries, BruteMinutes, BruteDayTries, BruteDayFactor, BruteFollowMin        float64
	FatigueDenials, FatigueMinutes, FatigueAlone                                   float64
	CountryLearnDays, CountryLearnSignIns, LegacyDays, HostileDays                 float64
	AttackScore, AnonymiserElsewhereHours, ReplayHours, DeviceCodeBlockMin         float64

	PriorBits, MaxBits, BitsTravel, BitsCountry, BitsTor, BitsVPN, BitsDatacenter float64
	BitsHostile, BitsBrute, BitsFatigue, BitsLegacy                               float64
	BitsProviderLow, BitsProviderMedium, BitsProviderHigh                         float64
	BitsNewDevice, BitsOwnDevice                                                  float64
	BitsElsewhere, BitsReplay, BitsDeviceCode, BitsLegacyForeign                  float64

	// Requests are the thresholds of the findings about exception requests.
	Requests RequestConfig

	// Attacks across people, shared devices and incidents: knobs_attack.go.
	SpraySlowDays, SpraySlowShare, SprayInsiders, WideAddresses       float64
	StuffingShare, StuffingPerUser, EnumerateShare, EnumerateAccounts float64
	SharedPeople, SharedCountries, SharedDays, BitsSharedDevice       float64
	IncidentSpanHours, IncidentPurity                                 float64

	WorkaroundConfig // internal/workaround

	// What one person's history shows: knobs_person.go.
	DormantDays, DormantFactor, BitsDormant                                   float64
	AiTMHours, BitsAiTM, BitsReported                                         float64
	ConsentFollowMin, ConsentNewAppDays, BitsConsent                          float64
	FatigueSlow, FatigueSlowDays, BruteSteadyHours                            float64
	ServicePeople, ServiceDays, CountryCommon, NewDeviceRepeatDays, UsualDays float64
	AfterHours                                                                float64

	// The statistic behind the score and its calibration: knobs_score.go.
	RarityHalfLife, RarityAlpha, RarityMimic float64
	CalibrateMinLabels, CalibrateMinEach     float64

	// Learned network roles and decaying familiarity: knobs_travel.go.
	FamiliarHalfLifeDays                            float64
	EgressPeople, EgressDays, EgressMany, EgressFew float64
	TeleportLeast, TeleportShare, TeleportJumps     float64
}

// Defaults is the Config with every knob at its default.
func Defaults() Config {
	var c Config
	for i := range knobs {
		*knobs[i].field(&c) = knobs[i].Default
	}
	return c
}

// Set changes one knob by name. An unknown name is an error that lists the
// right ones; a value outside the knob's bounds is one that states them.
func (c *Config) Set(name string, value float64) error {
	for i := range knobs {
		k := &knobs[i]
		if k.Name != name {
			continue
		}
		if !(value >= k.Min && value <= k.Max) {
			return fmt.Errorf("set knob %q to %v: want a number from %v to %v", name, value, k.Min, k.Max)
		}
		*k.field(c) = value
		return nil
	}
	names := make([]string, 0, len(knobs))
	for _, k := range Knobs() {
		names = append(names, k.Name)
	}
	return fmt.Errorf("unknown knob %q, want one of %q", name, names)
}

// Get is the value of one knob in c; ok is false for an unknown name.
func (c *Config) Get(name string) (value float64, ok bool) {
	for i := range knobs {
		if knobs[i].Name == name {
			return *knobs[i].field(c), true
		}
	}
	return 0, false
}
