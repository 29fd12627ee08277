package risk

import "frisk/internal/signin"

// Familiarity is what the person's own past says about a device or a network.
type Familiarity uint8

// The values. FamiliarityUnknown means the row names none, which is not the
// same as naming a new one.
const (
	FamiliarityUnknown Familiarity = iota
	New
	Known
)

func (f Familiarity) String() string { return [...]string{"unknown", "new", "known"}[f] }

// View is one row as a watcher sees it, with what the person's past (rows
// before this one) says about it. It is valid during Observe only.
type View struct {
	Row *signin.Row
	// Index is the row's position in the person's history.
	Index int
	// Human: somebody may have sat in front of it. Interactive rows, and rows of
	// logs that do not say (unknown stream), since silence would blind us to whole
	// providers; never token refreshes or workload identities.
	Human bool
	// Accepted: Human, and the first factor was accepted, whatever came after.
	Accepted bool
	// Entered: like Accepted, for every stream of a person: a sprayed password is
	// also used over protocols whose rows land in the non-interactive log.
	Entered bool
	// Failed: the first factor was refused (wrong password, no such user, locked, disabled).
	Failed bool
	// Again: Failed, or a refused prompt, that an earlier row described: the same
	// try, not one more.
	Again bool

	Device, Network, ASN, Country Familiarity

	Class   Class // what the range lists say about the address
	Trusted bool  // the provider recorded a trusted named location
	addr    *addrInfo
	// regarded: the familiarity part and Class are filled.
	regarded bool
}

// acceptedReasons are result classes that a row can only end with once the
// first factor was accepted. An interrupt may come before the password (account
// picker) or after it (stay signed in), so it does not count.
var acceptedReasons = func() (t [256]bool) {
	for _, r := range []signin.Reason{
		signin.MFARequired, signin.MFAFailed, signin.MFADenied, signin.MFAFraud, signin.MFAEnrol, signin.MFATimeout,
		signin.PolicyBlock, signin.DeviceNotCompliant, signin.DeviceNotJoined, signin.RiskBlock,
		signin.AppNotAssigned, signin.Consent,
	} {
		t[r] = true
	}
	return t
}()

// failedReasons are the first-factor failures an attacker causes by guessing.
var failedReasons = func() (t [256]bool) {
	for _, r := range []signin.Reason{signin.BadPassword, signin.NoSuchUser, signin.Locked, signin.Disabled} {
		t[r] = true
	}
	return t
}()

// humanStreams are the streams with a person in front.
var humanStreams = [256]bool{signin.StreamUnknown: true, signin.Interactive: true}

// accepted reports whether the row's first factor was accepted.
func accepted(r *signin.Row) bool {
	switch r.Outcome() {
	case signin.Success:
		return true
	case signin.Failure, signin.Challenge:
		return acceptedReasons[r.Reason()]
	}
	return false
}

// guessFailed reports whether the row is a refused first factor of a person.
// The stream does not matter: sprays over legacy protocols land in the
// non-interactive log.
func guessFailed(r *signin.Row) bool {
	return failedReasons[r.Reason()] && r.Outcome() != signin.Success && personal(r)
}

// personal reports that the row is not a workload identity's.
func personal(r *signin.Row) bool {
	return r.Stream() != signin.ServicePrincipal && r.Stream() != signin.ManagedIdentity
}

// stopped says what ended a sign-in after its first factor: "" when nothing did.
func stopped(r *signin.Row) string {
	if r.Outcome() == signin.Success {
		return ""
	}
	return r.Reason().String()
}
