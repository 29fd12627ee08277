package policy

import (
	"fmt"
	"net/netip"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// Options are the facts about a tenant that neither its policies nor its log
// carry. The zero value is a tenant of which nothing of the kind is known.
type Options struct {
	// Tenant is the id of the tenant the policies belong to. "" takes every row
	// for one these policies decided, unless Entra did not write it.
	Tenant string
	// Bundles are the app groups; nil = the built-in list (DefaultBundles).
	Bundles *Bundles
	// MFATrustedIPs are the trusted addresses of the legacy MFA settings page;
	// they count for AllTrusted (reference 1.7). IPv4 only, as there.
	MFATrustedIPs []netip.Prefix
	// IntranetClaim says that "skip MFA for federated users on my intranet" is on:
	// a request may then be trusted for a reason no row shows, so an address outside
	// every trusted range is Unknown instead of untrusted.
	IntranetClaim bool
	// IgnoreRecordedLocations leaves recorded network matches out. Set it for a
	// candidate whose named locations differ from those in force at the time.
	IgnoreRecordedLocations bool
	// Inbound is the inbound trust of the cross-tenant access settings.
	Inbound InboundTrust
	// LowPrivilegeFrom is when "all resources with exclusions" began to cover
	// requests for directory scopes only, in this tenant; 0 = DefaultLowPrivilegeFrom.
	LowPrivilegeFrom signin.Time
	// RememberMFA is "remember multifactor authentication on trusted devices" of the
	// legacy MFA settings page; 0 = off (reference 1.10, rule 9). Match and Decide do
	// not use it: it is a clock, and clocks belong to replay.
	RememberMFA signin.Time
	// DevicesComplete says that the device export carried every attribute, so that
	// an empty one is empty, not unsaid.
	DevicesComplete bool
	// Assume are the owner's guesses at levels no log tells.
	Assume Assumptions
}

// Assumptions are risk levels to take where neither the context, nor the
// directory, nor the row tells one (hidden does not): Graph's words in lower case,
// "none" among them; "" = nothing is assumed and the answer is Unknown.
type Assumptions struct {
	UserRisk, InsiderRisk, ServicePrincipalRisk, SignInRisk string
}

// InboundTrust is what this tenant believes of another tenant's claims. A
// device setting that is Unknown believes what the row shows; an MFA setting that
// is not True leaves B2B direct connect users no way to answer (reference 1.3).
type InboundTrust struct {
	MFA, CompliantDevice, HybridDevice signin.Truth
}

// DefaultLowPrivilegeFrom is 2026-07-01: the change began in March 2026 and
// rolled out in phases (reference 1.5); until then a row cannot tell.
const DefaultLowPrivilegeFrom = 1782864000 * signin.Second

// Engine is a compiled Set. It is immutable and safe for concurrent use.
type Engine struct {
	set   *Set
	dir   *directory.Directory
	opt   Options
	plans []plan
	conds []Condition // those some policy has, in test order
	locs  *locations

	enforced, reportOnly Mask
	live                 Mask // enforced or report-only
	complete             Mask // live, and every condition is known
	classes              []class
	class                []int // by policy: its class, where demanding has it
	demanding            Mask  // live policies that ask for something: the members of classes
	words                int   // of a Mask that are in use
	epochs               epochs
	placeChanges         []signin.Time // when what is in force of the named locations may change
	deviceControls       Mask          // those with a control judged by the device
	secondFactor         Mask          // enabled policies that demand MFA or a strength
	eitherFactor         Mask          // those of them another control can satisfy
	tokenProtection      Mask          // live policies with token protection
	actionStrength       Mask          // enabled policies that ask for a strength at registration
	strengths            bool          // some policy asks for a strength
	sharedChannels       bool          // some policy is about one of direct connect and collaboration users
}

// plan is one compiled policy.
type plan struct {
	*Policy
	index   int
	include guestTest
	exclude guestTest
	grant   gate
}

// NewEngine compiles set against what dir knows. A nil dir knows nothing; a
// nil set is empty. It fails when the set is larger than MaxPolicies or a named
// location has an address range that does not parse.
func NewEngine(set *Set, dir *directory.Directory, opt Options) (*Engine, error) {
	if set == nil {
		set = &Set{}
	}
	if err := set.fits("compile policies"); err != nil {
		return nil, err
	}
	if opt.Bundles == nil {
		opt.Bundles = DefaultBundles()
	}
	if opt.LowPrivilegeFrom == 0 {
		opt.LowPrivilegeFrom = DefaultLowPrivilegeFrom
	}
	locs, err := compileLocations(set, opt)
	if err != nil {
		return nil, fmt.Errorf("compile policy set %q: %w", set.Name, err)
	}
	e := &Engine{set: set, dir: dir, opt: opt, locs: locs, plans: make([]plan, len(set.Policies))}
	for i, p := range set.Policies {
		e.plans[i] = compile(p, i)
		switch p.State {
		case Enabled:
			e.enforced.Add(i)
		case ReportOnly:
			e.reportOnly.Add(i)
		}
		if p.Grant != nil && p.Grant.Controls&deviceControls != 0 {
			e.deviceControls.Add(i)
		}
		if p.Session.TokenProtection && (p.State == Enabled || p.State == ReportOnly) {
			e.tokenProtection.Add(i)
		}
		e.sharedChannels = e.sharedChannels || p.Users.IncludeGuests.sharesChannels() || p.Users.ExcludeGuests.sharesChannels()
		e.strengths = e.strengths || e.plans[i].grant.controls&ControlStrength != 0
		if p.State == Enabled && e.plans[i].grant.action {
			e.actionStrength.Add(i)
		}
		if p.State == Enabled && p.Grant != nil && p.Grant.Controls&(ControlMFA|ControlStrength) != 0 {
			e.secondFactor.Add(i)
			if e.plans[i].grant.second(&proof{maybe: ^Controls(0)}) != signin.True {
				e.eitherFactor.Add(i)
			}
		}
	}
	e.live = e.enforced.Or(e.reportOnly)
	e.classes, e.class, e.demanding = classesOf(e.plans)
	e.words = (len(set.Policies) + 63) / 64
	e.epochs, e.placeChanges = epochsOf(set), set.locationChanges()
	for i := range e.plans {
		if e.live.Has(i) && !e.plans[i].Incomplete {
			e.complete.Add(i)
		}
	}
	e.epochs.begin(e.complete, e.live)
	for _, c := range Conditions() {
		for i := range e.plans {
			if c.configured(&e.plans[i]) {
				e.conds = append(e.conds, c)
				break
			}
		}
	}
	return e, nil
}

func compile(p *Policy, i int) plan {
	return plan{
		Policy: p, index: i,
		include: compileGuests(p.Users.IncludeGuests),
		exclude: compileGuests(p.Users.ExcludeGuests),
		grant:   compileGate(p),
	}
}

// Set is what the engine was made from.
func (e *Engine) Set() *Set { return e.set }

// Options is what the engine was compiled with, defaults filled in. Its lists
// must not be modified.
func (e *Engine) Options() Options { return e.opt }

// Enforced are the enabled policies, ReportOnly those in report-only.
func (e *Engine) Enforced() Mask { return e.enforced }

// ReportOnly are the policies in report-only.
func (e *Engine) ReportOnly() Mask { return e.reportOnly }

// Need is the columns Match and Decide read.
func (e *Engine) Need() signin.Need {
	n := signin.NeedDims(
		signin.DimProvider, signin.DimPrincipal, signin.DimHomeTenant, signin.DimResourceTenant,
		signin.DimCrossTenant, signin.DimClient, signin.DimDevice, signin.DimOS, signin.DimBrowser,
		signin.DimProtocol, signin.DimTransfer, signin.DimCredential, signin.DimUserAgent,
	)
	for _, c := range e.conds {
		n = n.Or(signin.NeedDims(c.Dims...))
	}
	if !e.tokenProtection.Empty() {
		n = n.Or(signin.NeedDims(signin.DimTokenBinding, signin.DimResource, signin.DimAudiences, signin.DimApp))
	}
	return n
}
