package rba

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Synthesise writes a made-up set with the columns of the data set, in order of
// time: honest users with homes, phones, trips and updates, an attacker's failed
// tries, many of them for accounts that do not exist, and takeovers. The same seed
// gives the same bytes. It has the form of the published set and none of its
// statistics: nothing measured on it says anything about the published table.
func Synthesise(w io.Writer, seed uint64, users int) error {
	g := &maker{rng: rand.New(rand.NewPCG(seed, 0xda5))} //nolint:gosec // reproducible, not secret
	for n := range users {
		g.user(n)
	}
	g.noise(users * 20)
	slices.SortStableFunc(g.rows, func(a, b madeRow) int { return a.at.Compare(b.at) })
	out := bufio.NewWriter(w)
	c := csv.NewWriter(out)
	header := []string{
		"index", "Login Timestamp", "User ID", "Round-Trip Time [ms]", "IP Address", "Country", "Region", "City", "ASN", "User Agent String",
		"Browser Name and Version", "OS Name and Version", "Device Type", "Login Successful", "Is Attack IP", "Is Account Takeover",
	}
	if err := c.Write(header); err != nil {
		return fmt.Errorf("write header: %w", err)
	}
	for i := range g.rows {
		r := &g.rows[i]
		rec := []string{
			strconv.Itoa(i), r.at.Format("2006-01-02 15:04:05.000"), r.user, "", r.net.ip, r.net.country, r.net.region, r.net.city, r.net.asn,
			r.client.agent, r.client.browser, r.client.os, r.client.device, word(r.ok), word(r.hostile), word(r.taken),
		}
		if err := c.Write(rec); err != nil {
			return fmt.Errorf("write row: %w", err)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

func word(b bool) string {
	if b {
		return "True"
	}
	return "False"
}

type madeRow struct {
	at                 time.Time
	user               string
	net                madeNet
	client             madeClient
	ok, hostile, taken bool
}

type madeNet struct{ ip, country, region, city, asn string }

type madeClient struct{ agent, browser, os, device string }

type maker struct {
	rng  *rand.Rand
	rows []madeRow
}

var madeStart = time.Date(2020, 2, 3, 0, 0, 0, 0, time.UTC)

const madeDays = 120

// madeCities are where people live; most in the first country. ASNs are private
// (RFC 6996), addresses from 198.18.0.0/15 (RFC 2544).
var madeCities = []struct {
	country, region, city string
	share                 int
}{
	{"NO", "Oslo", "Oslo", 40},
	{"NO", "Vestland", "Bergen", 20},
	{"NO", "Trondelag", "Trondheim", 15},
	{"SE", "Stockholm", "Stockholm", 10},
	{"DE", "Hamburg", "Hamburg", 8},
	{"US", "New York", "Rochester", 7},
}

// net is an address of a city: one of two operators each, 200 addresses in four networks.
func (g *maker) net(city, operator, host int) madeNet {
	c := madeCities[city]
	n := city*2 + operator
	return madeNet{fmt.Sprintf("198.18.%d.%d", n*4+host/50, 1+host%50*4), c.country, c.region, c.city, strconv.Itoa(64512 + n)}
}

var madeBrowsers = []struct{ name, os, device string }{
	{"Chrome", "Windows 10", "desktop"},
	{"Edge", "Windows 10", "desktop"},
	{"Safari", "Mac OS X 10.15", "desktop"},
	{"Chrome Mobile", "Android 10", "mobile"},
	{"Mobile Safari", "iOS 13.4", "mobile"},
	{"Firefox", "Ubuntu 18.04", "desktop"},
}

// client is a browser on a day: versions come out every 30 days.
func (g *maker) client(browser, day, variant int) madeClient {
	b := madeBrowsers[browser]
	version := fmt.Sprintf("%s %d.0.%d", b.name, 80+day/30, 3900+day/30*50)
	return madeClient{fmt.Sprintf("Mozilla/5.0 (%s) %s variation/%d", b.os, version, variant), version, b.os, b.device}
}

func (g *maker) city() int {
	n := g.rng.IntN(100)
	for i := range madeCities {
		if n -= madeCities[i].share; n < 0 {
			return i
		}
	}
	return 0
}

// user is one honest user's year, and now and then a takeover.
func (g *maker) user(n int) {
	id := strconv.FormatInt(int64(n)*7919-1_000_000, 10)
	city, operator, host := g.city(), g.rng.IntN(2), g.rng.IntN(200)
	desk, phone := g.rng.IntN(len(madeBrowsers)), 3+g.rng.IntN(2)
	variant, restless := g.rng.IntN(9), g.rng.IntN(4) == 0
	logins := 2 + int(g.rng.ExpFloat64()*30)
	for range logins {
		day := g.rng.IntN(madeDays)
		r := madeRow{at: g.time(day), user: id, net: g.net(city, operator, host), client: g.client(desk, day, variant), ok: g.rng.IntN(20) > 0}
		switch {
		case restless && g.rng.IntN(2) == 0: // an operator that changes addresses
			r.net = g.net(city, operator, g.rng.IntN(200))
		case g.rng.IntN(5) == 0: // the phone
			r.net, r.client = g.net(city, 1-operator, g.rng.IntN(40)), g.client(phone, day, variant)
		case g.rng.IntN(40) == 0: // a trip
			r.net = g.net(g.city(), g.rng.IntN(2), g.rng.IntN(200))
		}
		g.rows = append(g.rows, r)
	}
	if n%15 == 0 {
		day := 60 + g.rng.IntN(60)
		r := madeRow{at: g.time(day), user: id, net: g.net(g.city(), g.rng.IntN(2), g.rng.IntN(200)), client: g.client(g.rng.IntN(6), day, 20+g.rng.IntN(9)), ok: true, taken: true}
		if n%45 == 0 { // from the same operator, with the same browser
			r.net, r.client = g.net(city, operator, g.rng.IntN(200)), g.client(desk, day, variant)
		}
		g.rows = append(g.rows, r)
	}
}

func (g *maker) time(day int) time.Time {
	return madeStart.AddDate(0, 0, day).Add(time.Duration(g.rng.IntN(86_400_000)) * time.Millisecond)
}

// noise is what comes from known attack addresses: failed tries from everywhere,
// most for accounts that do not exist.
func (g *maker) noise(n int) {
	for range n {
		day := g.rng.IntN(madeDays)
		city := g.rng.IntN(len(madeCities))
		c := madeCities[city]
		net := madeNet{fmt.Sprintf("198.19.%d.%d", city*8+g.rng.IntN(8), 1+g.rng.IntN(250)), c.country, c.region, c.city, strconv.Itoa(64600 + city*4 + g.rng.IntN(4))}
		r := madeRow{at: g.time(day), user: UnknownUser, net: net, client: g.client(g.rng.IntN(6), day, g.rng.IntN(12)), hostile: true}
		if g.rng.IntN(4) == 0 {
			r.user = strconv.Itoa(g.rng.IntN(500)*7919 - 1_000_000)
		}
		if strings.HasPrefix(r.client.device, "mobile") && g.rng.IntN(50) == 0 {
			r.client.agent, r.client.device = "", "" // could not be parsed
		}
		g.rows = append(g.rows, r)
	}
}
