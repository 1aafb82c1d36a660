-- Que vaut chaque commune d'un département, même sans ligne ?
-- Réponse : Une ligne par commune, qu'elle ait une valeur ou non ; `absence_veut_dire` dit ce que vaut une
--   absence : zéro pour un inventaire de ce qui existe, inconnue pour un relevé partiel.
-- Piège : Partir du fait perdrait les communes sans ligne ; les compter pour zéro inventerait des valeurs.
select
    t.code_territoire,
    t.territoire as commune,
    i.derniere_annee as annee,
    o.valeur as logements_sociaux,
    coalesce(o.nature_valeur, 'aucune ligne : ' || i.absence_veut_dire) as lecture
from vues.dim_territoire as t
inner join vues.dim_indicateur as i on i.indicateur_id = 'social_dwellings'
left join vues.fait_observation as o
    on
        t.territoire_id = o.territoire_id
        and i.indicateur_id = o.indicateur_id
        and i.derniere_annee = o.annee
where t.niveau = 'commune' and t.departement_id = 'departement:34'
order by t.code_territoire
