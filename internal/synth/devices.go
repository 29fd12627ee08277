package synth

import (
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// devKind is how a device is known to the tenant.
type devKind uint8

const (
	winJoined devKind = iota
	winHybrid
	macRegistered
	linuxRegistered
	winPersonal
	macPersonal
	phoneRegistered
	phonePersonal
)

// device is one machine of one person.
type device struct {
	kind      devKind
	id        signin.GUID // zero when not registered
	name      string
	os        string // as sign-in rows say it
	osVersion string
	compliant bool
	hello     bool // unlocks with Windows Hello, which counts as multifactor
	// blemishFrom and blemishTo bound a spell out of compliance, in days; To 0 for none.
	blemishFrom, blemishTo int
}

func (d *device) registered() bool { return d.id != signin.GUID{} }

// joined devices have a primary refresh token that an unlock can renew.
func (d *device) joined() bool { return d.kind == winJoined || d.kind == winHybrid }

// windows reports whether a row shows the platform as Windows.
func (d *device) windows() bool { return strings.HasPrefix(d.os, "Windows") }

func (d *device) phone() bool { return d.kind == phoneRegistered || d.kind == phonePersonal }

func (d *device) trust() (log, graph string) {
	switch d.kind {
	case winJoined:
		return "Azure AD joined", "AzureAd"
	case winHybrid:
		return "Hybrid Azure AD joined", "ServerAd"
	case macRegistered, linuxRegistered, phoneRegistered:
		return "Azure AD registered", "Workplace"
	}
	return "", ""
}

// equip hands out devices. Data scientists mostly use machines that are
// registered but not joined, so each of their tools keeps its own session.
func (p *person) equip() {
	d := p.dice
	u := d.Float64()
	var kind devKind
	switch p.role {
	case dataScientist:
		kind = pickKind(u, 0.45, macRegistered, 0.62, linuxRegistered, 0.9, winJoined, winHybrid)
	case mlEngineer:
		kind = pickKind(u, 0.55, winJoined, 0.75, winHybrid, 0.90, linuxRegistered, macRegistered)
	case contractor:
		kind = pickKind(u, 0.35, winJoined, 0.70, winPersonal, 1, macPersonal, macPersonal)
		if p.guest {
			kind = winPersonal
		}
	default:
		kind = pickKind(u, 0.7, winJoined, 0.92, winHybrid, 1, macRegistered, macRegistered)
	}
	p.addDevice(kind, kind != linuxRegistered || p.prod || d.chance(0.75))
	if d.chance(0.05) && p.devices[0].compliant {
		p.devices[0].blemishFrom = 2 + d.IntN(24)
		p.devices[0].blemishTo = p.devices[0].blemishFrom + 1 + d.IntN(3)
	}
	if p.guest {
		return
	}
	if d.chance(0.6) {
		p.addDevice([]devKind{phoneRegistered, phonePersonal}[d.IntN(2)], true)
	}
	if d.chance(0.35) {
		p.addDevice([]devKind{winPersonal, macPersonal}[d.IntN(2)], false)
	}
}

func pickKind(u float64, a float64, ka devKind, b float64, kb devKind, c float64, kc, rest devKind) devKind {
	switch {
	case u < a:
		return ka
	case u < b:
		return kb
	case u < c:
		return kc
	}
	return rest
}

func (p *person) addDevice(kind devKind, compliant bool) {
	d := p.dice
	v := device{kind: kind, compliant: compliant}
	n := strconv.Itoa(1000 + d.IntN(9000))
	ua := uint8(0)
	switch kind {
	case winJoined, winHybrid:
		v.os, v.osVersion, v.name = "Windows10", "10.0.26100.4061", "NW-LT-"+n
		v.hello = d.chance(0.8)
		ua = pick(d, []uint8{uaEdge, uaEdge, uaChromeWin})
	case winPersonal:
		v.os, ua = "Windows10", pick(d, []uint8{uaChromeWin, uaFirefoxWin})
	case macRegistered:
		v.os, v.osVersion, v.name = "MacOs", "15.5", "NW-MB-"+n
		ua = pick(d, []uint8{uaSafari, uaChromeMac})
	case macPersonal:
		v.os, ua = "MacOs", pick(d, []uint8{uaSafari, uaChromeMac})
	case linuxRegistered:
		v.os, v.osVersion, v.name, ua = "Linux", "24.04", "nw-ws-"+n, uaEdgeLinux
	case phoneRegistered, phonePersonal:
		v.os, v.osVersion, ua = "Ios 18.5", "18.5", uaPhone
		if d.chance(0.45) {
			v.os, v.osVersion, ua = "Android 15", "15", uaAndroid
		}
		if kind == phoneRegistered {
			v.name = p.first + "s phone"
		}
	}
	switch kind {
	case winPersonal, macPersonal, phonePersonal:
		v.compliant = false
	default:
		v.id = d.guid()
	}
	p.devices = append(p.devices, v)
	p.browser = append(p.browser, ua)
	var c [numSlots]clock
	p.clocks = append(p.clocks, c)
}
