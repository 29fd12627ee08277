-- Successful sign-ins from devices that are not compliant or not known, by app.
-- columns: app VARCHAR, signins BIGINT, not_compliant BIGINT, unknown_device BIGINT, people BIGINT
SELECT
    coalesce(max(app_name), app_id) AS app,
    count(*) AS signins,
    count(*) FILTER (WHERE device_compliant = 'false') AS not_compliant,
    count(*) FILTER (WHERE device_id IS NULL) AS unknown_device,
    count(DISTINCT person) AS people
FROM signins
WHERE outcome = 'success'
    AND stream IN ('interactive', 'non-interactive')
    AND (device_compliant = 'false' OR device_id IS NULL)
GROUP BY app_id
ORDER BY signins DESC, app_id
