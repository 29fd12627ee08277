package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// localFields are the headings of the portal's CSV in other languages than
// English, lower case with plain apostrophes. The portal writes them in the
// language of whoever downloads, and in some of them with semicolons between.
// Only headings that other people's importers of real downloads name are here:
// Spanish (AccessWatchLite, CsvImportService), French (an importer of sign-in
// and audit exports), German (support.sheet, entra.js). Those of other columns
// are not known, so German downloads lose their request ids: derived ones stand
// in, with a warning. The client application and the result of Conditional
// Access are left out: their words are translated too, how is not known, and a
// word that is not Entra's own would be taken for a legacy client.
var localFields = newKeyTable([]fieldName{
	// Spanish
	{"fecha (utc)", fCreated},
	{"id. de solicitud", fID},
	{"agente de usuario", fUserAgent},
	{"id. de correlación", fCorrelation},
	{"id. de usuario", fUserID},
	{"usuario", fUserDisplay},
	{"nombre de usuario", fUserName},
	{"tipo de usuario", fUserType},
	{"tipo de acceso entre inquilinos", fCrossTenant},
	{"tipo de token entrante", fIncomingToken},
	{"protocolo de autenticación", fProtocol},
	{"identificador de token único", fToken},
	{"método de transferencia original", fTransfer},
	{"tipo de credencial de cliente", fCredential},
	{"protección de token: sesión de inicio de sesión", fBinding},
	{"aplicación", fAppName},
	{"id. de aplicación", fAppID},
	{"recurso", fResourceName},
	{"id. de recurso", fResourceID},
	{"id. de inquilino de recursos", fResourceTenant},
	{"id. de inquilino inicial", fHomeTenant},
	{"dirección ip", fIP},
	{"ubicación", fPlace},
	{"estado", fPortalStatus},
	{"código de error de inicio de sesión", fErrorCode},
	{"motivo del error", fFailureReason},
	{"id. de dispositivo", fDeviceID},
	{"explorador", fDeviceBrowser},
	{"sistema operativo", fDeviceOS},
	{"conforme", fDeviceCompliant}, // also French
	{"administrada", fDeviceManaged},
	{"tipo de unión", fDeviceTrust},
	{"resultado de la autenticación multifactor", fMFAResult},
	{"método de autenticación de la autenticación multifactor", fMFAMethod},
	{"requisito de autenticación", fRequirement},
	{"id. de sesión", fSession},
	{"dirección ip (vista por recurso)", fIPResource},
	{"número de sistema autónomo", fASN},
	{"id. del recurso asociado", fAzureResource},

	// French
	{"id de requête", fID},
	{"agent utilisateur", fUserAgent},
	{"id de corrélation", fCorrelation},
	{"identifiant utilisateur", fUserID},
	{"utilisateur", fUserDisplay},
	{"nom d'utilisateur", fUserName},
	{"adresse ip", fIP},
	{"emplacement", fPlace},
	{"statut", fPortalStatus},
	{"code d'erreur de connexion", fErrorCode},
	{"raison de l'échec", fFailureReason},
	{"id de l'appareil", fDeviceID},
	{"navigateur", fDeviceBrowser},
	{"système d'exploitation", fDeviceOS},
	{"géré", fDeviceManaged},
	{"résultat de l'authentification multifacteur", fMFAResult},
	{"méthode d'authentification multifacteur", fMFAMethod},
	{"numéro de système autonome", fASN},

	// German
	{"datum (utc)", fCreated},
	{"datum", fCreated},
	{"code des anmeldefehlers", fErrorCode},
	{"fehlerursache", fFailureReason},
	{"benutzer", fUserDisplay},
	{"benutzername", fUserName},
	{"dienstprinzipalname", fSPName},
	{"anwendung", fAppName},
	{"ressource", fResourceName},
	{"ergebnis der multi-faktor-authentifizierung", fMFAResult},
	{"ip-adresse", fIP},
	{"standort", fPlace},
})

// portalField is the fact under a heading of the portal's CSV, in any of the
// known languages.
func portalField(heading string) field {
	h := strings.ToLower(strings.NewReplacer("’", "'", "\u00a0", " ", "\u202f", " ").Replace(heading))
	if f := portalFields.find(h); f != fNone {
		return f
	}
	return localFields.find(h)
}

// localStatus is the portal's word for the result in English.
func localStatus(word string) string {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "erfolg":
		return "Success"
	case "fehler":
		return "Failure"
	case "unterbrochen":
		return "Interrupted"
	}
	return word
}

// The portal downloads a second file beside each CSV of sign-ins, with the
// authentication steps of its rows.
var _ = register(Format{
	Name:     "entra-portal-authdetails",
	Doc:      "the companion …_AuthDetails.csv of the portal's CSV download: counted, not read (its steps are in the JSON download)",
	Provider: "entra",
	detect: func(s *sample) error {
		if err := s.wantTable(); err != nil {
			return err
		}
		if slices.Contains(s.header, "Request ID") && slices.Contains(s.header, "Authentication method") && slices.Contains(s.header, "Succeeded") {
			return nil
		}
		return fmt.Errorf("no columns Request ID, Authentication method and Succeeded; found %s", list(s.header))
	},
	cut: cutTable,
	open: tableDocs(func(f *file) ([]string, error) { return f.header, nil }, func(_ *docRow, v val, _ *signin.Event) (string, error) {
		if v.at("Request ID").said() == "" {
			return "", errNoRequest
		}
		return "authentication step (download the sign-ins as JSON, which has them)", nil
	}),
})

var errNoRequest = errors.New("no Request ID")
